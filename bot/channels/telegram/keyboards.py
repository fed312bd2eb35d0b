"""Owns how buttons are laid out: under a message, or as the patient's keyboard with the button that shares the phone.

Invariant: a payload has 1 to 64 bytes, a label is not empty, and there are at most 100 buttons.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.channels.telegram.calls import Json
from bot.services.ports import OutgoingButton, RefusedError

Markup: TypeAlias = Mapping[str, Json]

MOST_BUTTONS = 100
LONGEST_PAYLOAD = 64
ROW_LETTERS = 22
"""Two labels that together have no more stand side by side on a narrow phone and can still be read."""


def under_message(buttons: Sequence[OutgoingButton]) -> Markup | None:
    """Lay out the buttons of a message; None if there are none. Raises RefusedError."""
    if not buttons:
        return None
    _check(buttons)
    rows = _rows(buttons)
    return {
        "inline_keyboard": [[{"text": each.label, "callback_data": each.payload} for each in row] for row in rows],
    }


def sharing_phone(label: str, buttons: Sequence[OutgoingButton]) -> Markup:
    """Lay out the keyboard that shares the own phone, and below it what else may be said, which arrives as words.

    Raises RefusedError: a label is empty.
    """
    _check(buttons)
    if not label.strip():
        raise RefusedError("label_empty")
    others: list[Json] = [[{"text": button.label}] for button in buttons]
    return {
        "keyboard": [[{"text": label, "request_contact": True}], *others],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def _check(buttons: Sequence[OutgoingButton]) -> None:
    if len(buttons) > MOST_BUTTONS:
        raise RefusedError("too_many_buttons")
    for button in buttons:
        if not button.label.strip():
            raise RefusedError("label_empty")
        if not 1 <= len(button.payload.encode()) <= LONGEST_PAYLOAD:
            raise RefusedError("payload_too_long")


def _rows(buttons: Sequence[OutgoingButton]) -> list[list[OutgoingButton]]:
    """Put two short labels side by side, everything else in a row of its own."""
    rows: list[list[OutgoingButton]] = []
    for button in buttons:
        alone = rows[-1] if rows and len(rows[-1]) == 1 else None
        if alone is not None and len(alone[0].label) + len(button.label) <= ROW_LETTERS:
            alone.append(button)
        else:
            rows.append([button])
    return rows
