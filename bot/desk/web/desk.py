"""Owns telling open desks that a conversation has changed; the pages look for themselves."""

from bot.services.live import DESK, Live


class WebDesk:
    """The desk `web`."""

    def __init__(self, live: Live) -> None:
        """Tell open pages through `live`."""
        self._live = live

    async def changed(self, conversation_id: int) -> None:  # noqa: ARG002  # each page looks at all it shows
        """Make every open desk look again."""
        self._live.signal(DESK)
