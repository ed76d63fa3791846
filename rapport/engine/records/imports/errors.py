"""Why an import cannot go on, in words for the one who sent the file."""


class ImportRefused(Exception):
    """The file or the request cannot be taken as it is; the message says what to do."""
