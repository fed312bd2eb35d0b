"""Which of some buttons was typed instead of tapped.

Only a text that fits one button and no other is taken for it.
"""

import re
from collections.abc import Callable, Sequence

from bot.understanding.normal import Apostrophe, normalise, split

_NUMBER = re.compile(r"^\W*(\d{1,2})\W*$")
_SHORTEST_WORDS = 2
_SHORTEST_BEGINNING = 4


def typed_button(text: str, labels: Sequence[str], courtesies: frozenset[str] = frozenset()) -> int | None:
    """Return the index of the button whose words or number were typed; None when none or several fit.

    text: what the patient typed. labels: what stands on the buttons, in their order. courtesies: normalised words
    that may be added or left out ("please"). A number counts from 1; whether a bare number can be meant for a button
    at all is the caller's to know.
    """
    folded = normalise(text)
    number = _NUMBER.match(folded)
    typed = _words(folded)
    shown = [_words(normalise(label)) for label in labels]
    if number and typed not in shown:
        place = int(number.group(1)) - 1
        return place if 0 <= place < len(labels) else None
    if not typed:
        return None
    plain = [word for word in typed if word not in courtesies]
    bare = [[word for word in label if word not in courtesies] for label in shown]
    fits: tuple[Callable[[int], bool], ...] = (
        lambda place: shown[place] == typed,
        lambda place: bool(plain) and bare[place] == plain,
        lambda place: len(" ".join(plain)) >= _SHORTEST_WORDS and shown[place][: len(plain)] == plain,
        lambda place: len(plain) == 1 and _begins(shown[place], plain[0]),
    )
    for fit in fits:
        places = [place for place in range(len(labels)) if fit(place)]
        if places:
            return places[0] if len(places) == 1 else None
    return None


def _begins(label: list[str], typed: str) -> bool:
    return len(typed) >= _SHORTEST_BEGINNING and bool(label) and label[0].startswith(typed)


def _words(folded: str) -> list[str]:
    return [word for word in split(folded, Apostrophe.JOINS).words if word != "?"]
