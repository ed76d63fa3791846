"""Why a file is not kept, in words for the one who sent it."""


class FileRefused(Exception):
    """The file is not kept; the message says why."""


class TooLarge(FileRefused):
    """More bytes, pixels or parts than allowed."""


class StoreFull(FileRefused):
    """The disk has no room."""
