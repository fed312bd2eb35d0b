"""Owns the requests to the Bot API: one pool of connections under our calls and aiogram's.

Invariants: what surely did not leave this machine is told apart from what may have arrived (a `NotLeftError`, and no
other error, says so); an answer is not decoded beyond what its reader asks for.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, urlsplit

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError
from aiogram.methods import TelegramMethod

from bot.channels.telegram.calls import Asked, Call
from bot.channels.telegram.forms import write_form
from bot.channels.telegram.http_pool import Answer, HttpPool, NoAnswerError, NotConnectedError
from bot.services.json_data import read_json, write_json

ANSWER_SECONDS: Final = 12
"""With the seconds for a connection below the time delivery gives a message, so that it is we who say what is known."""

MOST_AT_ONCE: Final = 3 * 128
"""Connections to the server: as many as intake handles updates at once, times the calls of a tap (its answer, the
change of its question, the next one). With fewer some would wait for a place, and be overtaken by later ones."""

OK: Final = 200
IN_A_PATH: Final = "/:@!$&'()*+,;=~"
"""What stands in a path as it is (RFC 3986, 3.3)."""

JSON: Final = "application/json"

Kind = TypeVar("Kind")


class NotLeftError(TelegramNetworkError):
    """The request surely did not leave this machine."""

    label = "No connection"


class PlainMethod(TelegramMethod[object]):
    """What aiogram's errors, which name a method of its own, are told of a call of ours."""

    __returning__ = object
    __api_method__ = ""


PLAIN = PlainMethod()


@contextmanager
def _told_of(method: TelegramMethod[Any]) -> Iterator[None]:
    """Tell what goes wrong with the connection in aiogram's words."""
    try:
        yield
    except NotConnectedError as failure:
        raise NotLeftError(method=method, message=str(failure)) from failure
    except NoAnswerError as failure:
        raise TelegramNetworkError(method=method, message=str(failure)) from failure


class Wire(BaseSession):
    """Speaks HTTP with a Bot API server."""

    def __init__(self, base: str) -> None:
        """Speak with the server at `base`, as `https://api.telegram.org`."""
        super().__init__(api=TelegramAPIServer.from_base(base), timeout=ANSWER_SECONDS)
        self._pool = HttpPool(base, most=MOST_AT_ONCE)
        self._targets: dict[tuple[str, str], str] = {}

    async def ask(self, bot: Bot, asked: Asked, seconds: float = ANSWER_SECONDS) -> Any:  # noqa: ANN401 - JSON
        """Make a call and return its result as JSON data; seconds: how long to wait for the answer.

        Raises NotLeftError, TelegramNetworkError, ClientDecodeError (what answers is no Bot API) or another
        TelegramAPIError.
        """
        name, method = (asked.method, PLAIN) if isinstance(asked, Call) else (asked.__api_method__, asked)
        content, media_type = self._body(bot, asked)
        with _told_of(method):
            answer = await self._pool.post(self._target(bot.token, name), content, media_type, seconds)
        return self._result(bot, method, answer)

    async def make_request(self, bot: Bot, method: TelegramMethod[Kind], timeout: int | None = None) -> Kind:  # noqa: ASYNC109 - aiogram's
        """Make a call and decode its result, as aiogram does for the methods of its Bot."""
        result = await self.ask(bot, method, ANSWER_SECONDS if timeout is None else timeout)
        answer = self.check_response(bot, method, OK, self.json_dumps({"ok": True, "result": result}))
        return cast("Kind", answer.result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,  # noqa: ARG002 - aiogram's
        timeout: int = ANSWER_SECONDS,  # noqa: ASYNC109 - aiogram's
        chunk_size: int = 0,  # noqa: ARG002 - aiogram's
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 - aiogram's
    ) -> AsyncGenerator[bytes, None]:
        """Load a file from the server, in one piece. Raises NotLeftError, TelegramAPIError."""
        with _told_of(PLAIN):
            answer = await self._pool.get(quote(urlsplit(url).path, safe=IN_A_PATH, errors="replace"), timeout)
        if raise_for_status and answer.status != OK:
            raise TelegramAPIError(method=PLAIN, message=f"the file is answered {answer.status}")
        yield answer.content

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()

    def _target(self, token: str, name: str) -> str:
        """Where a method is called: worked out once for each."""
        target = self._targets.get((token, name))
        if target is None:
            url = urlsplit(self.api.api_url(token=token, method=name))
            target = self._targets[token, name] = quote(url.path, safe=IN_A_PATH)
        return target

    def _body(self, bot: Bot, asked: Asked) -> tuple[bytes, str]:
        """Write what is asked as JSON, which costs a third of a form; a file needs the form. With its media type."""
        if not isinstance(asked, Call):
            given = asked.model_dump(exclude_none=True, warnings=False)
            return write_json(self.prepare_value(given, bot=bot, files={}, _dumps_json=False)), JSON
        if asked.upload is None:
            return write_json(asked.fields), JSON
        values = {
            name: value if isinstance(value, str) else write_json(value).decode()
            for name, value in asked.fields.items()
        }
        return write_form(values, asked.upload)

    def _result(self, bot: Bot, method: TelegramMethod[Any], got: Answer) -> Any:  # noqa: ANN401 - JSON
        text = got.content.decode(errors="replace")
        try:
            answer = read_json(text)
        except (ValueError, RecursionError) as no_json:
            raise ClientDecodeError("the answer is no JSON", no_json, "") from no_json
        if isinstance(answer, dict) and answer.get("ok") is True and "result" in answer:
            return answer["result"]
        try:
            self.check_response(bot, method, got.status, text)
        except TypeError as no_words:
            # aiogram looks into the description, which something between us and Telegram may leave out.
            raise ClientDecodeError("the answer says nothing", no_words, "") from no_words
        raise ClientDecodeError("the answer holds no result", ValueError(got.status), "")
