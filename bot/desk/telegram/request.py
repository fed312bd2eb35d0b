"""Owns the HTTP of the desk's bot: the library's own client, with failures told apart by what is known of them.

The library folds a refused connection, a lost answer, a proxy's page and a server's failure into one error; here each
keeps its kind, and no answer is ever written to a log.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

import httpx
from telegram.error import TelegramError
from telegram.request import BaseRequest, HTTPXRequest, RequestData

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
UPLOAD_SECONDS = 60.0
POOL_SECONDS = 10.0
SURELY_NOT_TAKEN = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS})
"""Answers that say so whoever gives them: the Bot API, or a proxy on the way with a page of its own."""
KEEP_ALIVE_SECONDS = 55.0
"""Shorter than the minute after which common proxies close a connection that is idle."""
BEFORE_IT_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
Seconds: TypeAlias = Any
"""A number or the library's own mark for "as set up", whose type is private."""


class RefusedByTelegramError(TelegramError):
    """The Bot API answered, and said no; `code` as in HTTP, `description` as it words it."""

    def __init__(
        self, *, code: int, description: str, retry_after: int | None = None, moved_to: int | None = None
    ) -> None:
        """Keep what it said. retry_after: seconds; moved_to: the new id of a group."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.moved_to = moved_to


class NeverLeftError(TelegramError):
    """The request did not leave this machine, or no server took it."""


class NoSenseError(TelegramError):
    """The request left, and no answer came that makes sense: it may have had its effect."""


class ToldApart(HTTPXRequest):
    """The library's HTTP client; raises one of the three errors above and nothing else."""

    __slots__ = ()

    def __init__(self, *, connections: int) -> None:
        """Keep so many connections at most."""
        super().__init__(
            connection_pool_size=connections,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            write_timeout=ANSWER_SECONDS,
            media_write_timeout=UPLOAD_SECONDS,
            pool_timeout=POOL_SECONDS,
            httpx_kwargs={
                "limits": httpx.Limits(
                    max_connections=connections,
                    max_keepalive_connections=connections,
                    keepalive_expiry=KEEP_ALIVE_SECONDS,
                )
            },
        )

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Do one request; returns the status, which is a success, and the answer."""
        try:
            code, payload = await super().do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        except TelegramError as failure:
            kind = type(failure.__cause__).__name__
            if isinstance(failure.__cause__, BEFORE_IT_LEFT):
                raise NeverLeftError(kind) from failure
            raise NoSenseError(kind) from failure
        except RuntimeError as closed:
            raise NeverLeftError("closed") from closed
        if not HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            raise _refused(code, payload)
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer of the Bot API."""
        answer = _read(payload)
        if answer is None or answer.get("ok") is not True or "result" not in answer:
            raise NoSenseError("answer")
        return dict(answer)


def _refused(code: int, payload: bytes) -> TelegramError:
    answer = _read(payload)
    if answer is None or answer.get("ok") is not False:
        if code in SURELY_NOT_TAKEN:
            return RefusedByTelegramError(code=code, description=f"http_{code}")
        return NoSenseError(f"http_{code}")
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return NoSenseError(f"http_{code}")
    parameters = answer.get("parameters")
    told: Mapping[str, Any] = parameters if isinstance(parameters, Mapping) else {}
    return RefusedByTelegramError(
        code=code,
        description=str(answer.get("description", "")),
        retry_after=_whole(told.get("retry_after")),
        moved_to=_whole(told.get("migrate_to_chat_id")),
    )


def _read(payload: bytes) -> Mapping[str, Any] | None:
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    return answer if isinstance(answer, Mapping) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
