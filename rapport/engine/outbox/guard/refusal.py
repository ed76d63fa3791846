"""What the guard says when it says no."""


class Refused(Exception):
    """The address may not be called; the message says why, in words for the person who entered it."""
