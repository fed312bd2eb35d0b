"""Owns the requests to the Bot API: one long-lived aiohttp session under our calls and aiogram's.

Invariants: what surely did not leave this machine is told apart from what may have arrived (a `NotLeftError`, and no
other error, says so); an answer is not decoded beyond what its reader asks for.
"""

from functools import lru_cache
from io import BytesIO
from typing import Any, Final, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiohttp import (
    BytesIOPayload,
    BytesPayload,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    Payload,
    ServerFingerprintMismatch,
)

from bot.channels.telegram.calls import Asked, Call
from bot.channels.telegram.forms import write_form
from bot.services.json_data import read_json, write_json

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 12
"""Together they stay below the time delivery gives a message, so that it is we who say what is known of it."""

MOST_AT_ONCE: Final = 3 * 128
"""Connections to the server: as many as intake handles updates at once, times the calls of a tap (its answer, the
change of its question, the next one). With fewer some would wait for a place, and be overtaken by later ones."""

BEFORE_IT_LEFT = (ClientConnectorError, ConnectionTimeoutError, InvalidURL, ServerFingerprintMismatch)
"""No connection: name, refusal, certificate, or no place in the pool in time. Nothing was written."""

LARGE = 1 << 20
"""Bytes: what is larger leaves piece by piece, so that nothing else has to wait while it is written."""

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


class Wire(AiohttpSession):
    """Speaks HTTP with a Bot API server."""

    def __init__(self, base: str) -> None:
        """Speak with the server at `base`, as `https://api.telegram.org`."""
        super().__init__(api=TelegramAPIServer.from_base(base), timeout=ANSWER_SECONDS, limit=MOST_AT_ONCE)
        self._urls: dict[tuple[str, str], str] = {}

    async def ask(self, bot: Bot, asked: Asked, seconds: float = ANSWER_SECONDS) -> Any:  # noqa: ANN401 - JSON
        """Make a call and return its result as JSON data; seconds: how long to wait for the answer.

        Raises NotLeftError, TelegramNetworkError, ClientDecodeError (what answers is no Bot API) or another
        TelegramAPIError.
        """
        session = await self.create_session()
        name, method = (asked.method, PLAIN) if isinstance(asked, Call) else (asked.__api_method__, asked)
        try:
            response = await session.post(
                self._url(bot.token, name), data=self._body(bot, asked), timeout=_timeout(seconds)
            )
            # Read to its end it gives its connection back by itself; cut short, it closes it.
            content = await response.read()
        except BEFORE_IT_LEFT as failure:
            raise NotLeftError(method=method, message=type(failure).__name__) from failure
        except (TimeoutError, ClientError, OSError) as failure:
            raise TelegramNetworkError(method=method, message=type(failure).__name__) from failure
        return self._result(bot, method, response.status, content)

    async def make_request(self, bot: Bot, method: TelegramMethod[Kind], timeout: int | None = None) -> Kind:  # noqa: ASYNC109 - aiogram's
        """Make a call and decode its result, as aiogram does for the methods of its Bot."""
        result = await self.ask(bot, method, ANSWER_SECONDS if timeout is None else timeout)
        answer = self.check_response(bot, method, 200, self.json_dumps({"ok": True, "result": result}))
        return cast("Kind", answer.result)

    async def create_session(self) -> ClientSession:
        """Give the session, made at its first use. It keeps no cookies, and looks for none at each call."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init), cookie_jar=DummyCookieJar()
            )
        return self._session

    async def close(self) -> None:
        """Close the session; its connector waits for what is under way."""
        if self._session is not None:
            await self._session.close()

    def _url(self, token: str, name: str) -> str:
        """Where a method is called: worked out once for each."""
        url = self._urls.get((token, name))
        if url is None:
            url = self._urls[token, name] = self.api.api_url(token=token, method=name)
        return url

    def _body(self, bot: Bot, asked: Asked) -> Payload:
        """Write what is asked as JSON, which costs a third of a form; a file needs the form."""
        if not isinstance(asked, Call):
            given = asked.model_dump(exclude_none=True, warnings=False)
            plain = self.prepare_value(given, bot=bot, files={}, _dumps_json=False)
            return BytesPayload(write_json(plain), content_type=JSON)
        if asked.upload is None:
            return BytesPayload(write_json(asked.fields), content_type=JSON)
        values = {
            name: value if isinstance(value, str) else write_json(value).decode()
            for name, value in asked.fields.items()
        }
        form, kind = write_form(values, asked.upload)
        if len(form) <= LARGE:
            return BytesPayload(form, content_type=kind)
        return BytesIOPayload(BytesIO(form), content_type=kind)

    def _result(self, bot: Bot, method: TelegramMethod[Any], status: int, content: bytes) -> Any:  # noqa: ANN401 - JSON
        text = content.decode(errors="replace")
        try:
            answer = read_json(text)
        except ValueError as no_json:
            raise ClientDecodeError("the answer is no JSON", no_json, "") from no_json
        if isinstance(answer, dict) and answer.get("ok") is True and "result" in answer:
            return answer["result"]
        try:
            self.check_response(bot, method, status, text)
        except TypeError as no_words:
            # aiogram looks into the description, which something between us and Telegram may leave out.
            raise ClientDecodeError("the answer says nothing", no_words, "") from no_words
        raise ClientDecodeError("the answer holds no result", ValueError(status), "")


@lru_cache(maxsize=16)
def _timeout(seconds: float) -> ClientTimeout:
    """How long a call may take; made once, for it is the same each time."""
    return ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=seconds)
