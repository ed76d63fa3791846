"""What can be wrong with a bulk edit as a whole."""


class BulkRefused(Exception):
    """This cannot be done to so many records; the message says why. Nothing was written."""
