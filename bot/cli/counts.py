"""Numbers of things in the English of the command line: one message, two messages."""


def counted(number: int, one: str, many: str = "") -> str:
    """Say how many there are. many: the plural, where it is more than an added "s"."""
    return f"{number} {one}" if number == 1 else f"{number} {many or f'{one}s'}"
