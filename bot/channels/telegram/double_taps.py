"""Owns which taps are the second touch of one press: the same button of the same message, a moment after the first.

Telegram makes two taps of it. The first is told of nothing but its effect, so the second would be answered as a button
of an earlier question. Only a guess of this process: whatever it forgets is met as any old button.
"""

import asyncio
from collections import OrderedDict

from bot.channels.telegram.taps import Tap

AGAIN_SECONDS = 3.0
"""So long after the first had its effect; whoever means it waits for what it does, and sees that it did."""

_Button = tuple[int, int | None, str]
"""Who pressed, the message, what the button carries."""


class DoubleTaps:
    """What was pressed a moment ago."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._pressed: OrderedDict[_Button, tuple[int, float]] = OrderedDict()

    def is_one(self, tap: Tap) -> bool:
        """Tell whether a tap is a second touch; one that Telegram delivers again is the same touch."""
        if tap.message is None:
            return False
        update, at = self._pressed.get(_button(tap), (tap.update, 0.0))
        return update != tap.update and _now() < at + AGAIN_SECONDS

    def remember(self, tap: Tap) -> None:
        """Remember a tap that had its effect just now."""
        button, now = _button(tap), _now()
        self._pressed[button] = tap.update, now
        self._pressed.move_to_end(button)
        while next(iter(self._pressed.values()))[1] + AGAIN_SECONDS <= now:
            self._pressed.popitem(last=False)


def _button(tap: Tap) -> _Button:
    return tap.person, None if tap.message is None else tap.message.id, tap.data


def _now() -> float:
    return asyncio.get_running_loop().time()
