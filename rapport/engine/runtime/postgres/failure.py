"""What is raised when the embedded server cannot do its work; the text is for people."""


class PostgresFailure(Exception):
    pass
