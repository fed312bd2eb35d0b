"""How old somebody is, in whole years; born on 29 February, one is a year older on 1 March."""

from datetime import date


def age(born: date, today: date) -> int:
    """Reckon the age on a day; both in one calendar."""
    birthday_ahead = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - int(birthday_ahead)
