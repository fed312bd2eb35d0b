"""What the desk needs from the web it is shown by; the composition root passes it in."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from flows.vocabulary import Language


class Pages(Protocol):
    """Makes pages of this folder's templates, which it knows as "desk/…".

    A request that changes something has passed its guard: it comes from our own page, and its fields stand parsed in
    `request.state.fields`, a mapping of strings.
    """

    def language(self, request: Request, /) -> Language:
        """Choose the language of somebody unknown."""
        ...

    def words(self, language: Language, /) -> Callable[[str], str]:
        """Give the words of a language by their key."""
        ...

    def html(
        self, request: Request, template: str, /, *, language: Language, status: int = 200, **values: object
    ) -> Response:
        """Make a page."""
        ...

    def fragment(self, request: Request, template: str, /, *, language: Language, **values: object) -> Response:
        """Make a part of a page, or say that the asker has it already."""
        ...


class Signals(Protocol):
    """Keeps open pages informed."""

    def stream(self, *topics: str, still: Callable[[], Awaitable[bool]]) -> Response:
        """Answer with server-sent events that say "changed" at every signal of the topics.

        `still`: whether the asker may go on listening; asked before each event and sign of life, a no ends the stream.
        """
        ...
