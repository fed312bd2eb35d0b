"""Finds whether somebody tells a name or a date of birth; who that is, staff judge."""

import re

DAY_MONTH_YEAR = re.compile(r"(?<!\d)(?<!\d )\d{1,2}[./\- ]+\d{1,2}[./\- ]+(?:\d{4}|\d{2})(?! ?\d)")
YEAR_MONTH_DAY = re.compile(r"(?<!\d)(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)")
WITHOUT_GAPS = re.compile(r"(?<!\d)\d{8}(?!\d)")
DAY_AND_YEAR = re.compile(r"(?<!\d)\d{1,2}(?!\d)\D{2,20}(?<!\d)(?:19|20)\d{2}(?!\d)")
"""A day, a month in words, a year: "3 March 1980"."""
DATES = (DAY_MONTH_YEAR, YEAR_MONTH_DAY, WITHOUT_GAPS, DAY_AND_YEAR)

WORD = re.compile(r"[^\W\d_]{2,}")
MOST_WORDS_OF_A_NAME = 6
SURELY_SO_FEW = 3
FEWEST_CAPITALS = 2
MOST_WORDS = 30
"""Who they are takes few words; what is longer is about something else."""


def tells_birth_date(text: str) -> bool:
    """Tell whether a text holds a day, month and year, in figures or with the month in words."""
    return any(form.search(text) for form in DATES)


def tells_name(text: str) -> bool:
    """Tell whether a text holds words beside the date."""
    for form in DATES:
        text = form.sub(" ", text)
    return WORD.search(text) is not None


def is_written_like_a_name(text: str) -> bool:
    """Tell whether a text is a few words, two of them with capitals, whatever else they mean: "Jan de Vries"."""
    capitals = sum(word[0].isupper() for word in text.split())
    return _few_words(text, MOST_WORDS_OF_A_NAME) and capitals >= FEWEST_CAPITALS


def may_be_a_name(text: str) -> bool:
    """Tell whether a text that means nothing else might be nothing but a name."""
    return is_written_like_a_name(text) or _few_words(text, SURELY_SO_FEW)


def _few_words(text: str, most: int) -> bool:
    few = len(text.split()) <= most and WORD.search(text) is not None
    return few and not any(sign.isdigit() or sign in "?!@" for sign in text)


def tells_who(text: str) -> bool:
    """Tell whether a text holds both, and is short enough to be about that."""
    return len(text.split()) <= MOST_WORDS and tells_birth_date(text) and tells_name(text)
