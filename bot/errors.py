"""The base of what can go wrong in a way a person can mend: one line, with place and remedy."""


class RecareError(Exception):
    """Something a person can mend; the message is one line that names the place and the remedy."""
