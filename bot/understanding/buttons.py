"""Which of some buttons was typed instead of tapped.

Only a text that fits one button and no other is taken for it.
"""

import re
from collections.abc import Callable, Sequence

from bot.understanding.normal import Apostrophe, normalise, split

_NUMBER = re.compile(r"^\W*(\d{1,2})\W*$")
_SHORTEST_PREFIX = 3


def typed_button(text: str, labels: Sequence[str]) -> int | None:
    """Return the index of the button whose words or number were typed; None when none or several fit.

    text: what the patient typed. labels: what stands on the buttons, in their order. A number counts from 1; whether a
    bare number can be meant for a button at all is the caller's to know.
    """
    folded = normalise(text)
    number = _NUMBER.match(folded)
    typed = _letters(folded)
    shown = [_letters(normalise(label)) for label in labels]
    if number and typed not in shown:
        place = int(number.group(1)) - 1
        return place if 0 <= place < len(labels) else None
    if not typed:
        return None
    bare = [_without_courtesy(label) for label in labels]
    fits: tuple[Callable[[int], bool], ...] = (
        lambda place: shown[place] == typed,
        lambda place: bool(bare[place]) and bare[place] == _without_courtesy(text),
        lambda place: len(typed) >= _SHORTEST_PREFIX and f"{shown[place]} ".startswith(f"{typed} "),
        lambda place: len(typed) > _SHORTEST_PREFIX and shown[place].startswith(typed),
    )
    for fit in fits:
        places = [place for place in range(len(labels)) if fit(place)]
        if places:
            return places[0] if len(places) == 1 else None
    return None


def _letters(folded: str) -> str:
    return " ".join(word for word in split(folded, Apostrophe.JOINS).words if word != "?")


def _without_courtesy(label: str) -> str:
    words = _letters(normalise(label)).split()
    kept = [word for word in words if word not in _COURTESIES]
    return " ".join(kept)
