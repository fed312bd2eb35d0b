"""Owns how fast one conversation may send: a page gone wild, or somebody at play, does not keep the others waiting.

Only the moments of the past minute are kept, in memory: who restarts the server gives everybody a fresh minute.
"""

import math
from collections import deque
from collections.abc import Callable

MOST_A_MINUTE = 30
"""More than anybody writes and presses; what comes faster waits in the browser and is sent again."""

MINUTE = 60.0


class Pace:
    """Counts what each conversation sent in the past minute."""

    def __init__(self, *, seconds: Callable[[], float]) -> None:
        """Take a clock that only runs forward; where it began does not matter."""
        self._seconds = seconds
        self._sent: dict[int, deque[float]] = {}

    def wait(self, conversation_id: int) -> int:
        """Count one sending, and give 0; or, where there were too many, count nothing and give the seconds to wait."""
        now = self._seconds()
        self._forget_quiet(now)
        sent = self._sent.pop(conversation_id, deque())
        # The conversation that sent last stands last: whoever has been quiet for a minute is found at the front.
        self._sent[conversation_id] = sent
        while sent and sent[0] <= now - MINUTE:
            sent.popleft()
        if len(sent) >= MOST_A_MINUTE:
            return max(1, math.ceil(sent[0] + MINUTE - now))
        sent.append(now)
        return 0

    def _forget_quiet(self, now: float) -> None:
        while self._sent:
            longest_quiet = next(iter(self._sent))
            if self._sent[longest_quiet][-1] > now - MINUTE:
                return
            del self._sent[longest_quiet]
