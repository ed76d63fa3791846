"""What is raised when a backup cannot be made or read; the text is for people."""


class BackupFault(Exception):
    pass
