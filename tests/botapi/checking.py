"""What is wrong with a call before anything comes of it: fields, types, limits, and where what it asks for may be.

Invariant: what a bot should have known is told it and noted as a violation, whatever trouble the call was to meet.
"""

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from tests.botapi import errors
from tests.botapi.errors import ApiError
from tests.botapi.hub import Hub
from tests.botapi.messages import read_caption, read_text
from tests.botapi.model import Json
from tests.botapi.schema import Method, published

WEBHOOK_PORTS = frozenset({None, 443, 80, 88, 8443})
IN_PRIVATE = {
    "request_contact": errors.PHONE_IN_PRIVATE,
    "request_location": errors.PLACE_IN_PRIVATE,
    "web_app": errors.APP_IN_PRIVATE,
}
"""Keys that there are in private chats only, and what is said elsewhere."""

TOLD_AS_VIOLATIONS = (
    errors.MESSAGE_TOO_LONG,
    errors.CAPTION_TOO_LONG,
    errors.MESSAGE_IS_EMPTY,
    errors.WEBHOOK_PORT,
    errors.WRONG_FILE,
    *IN_PRIVATE.values(),
)


def check_call(hub: Hub, method: Method, params: Json) -> None:
    """Check a call by itself. Raises ApiError."""
    if not hub.checks:
        return
    problems = list(published().problems_of_fields(method.parameters, params, method.name))
    if problems:
        hub.violations.extend(problems)
        raise errors.bad_request(problems[0])
    try:
        for read in _texts(method, params):
            read(params)
        _check_keys(params)
        if method.name == "setWebhook":
            _check_port(params["url"])
    except ApiError as error:
        note(hub, method, error)
        raise


def note(hub: Hub, method: Method, error: ApiError) -> None:
    """Note what a bot should have known."""
    if error in TOLD_AS_VIOLATIONS:
        hub.violations.append(f"{method.name}: {error.description}")


def _texts(method: Method, params: Json) -> Iterator[Callable[[Json], Json]]:
    """What reads the texts whose limits show only once their formatting is read."""
    for name, read in (("text", read_text), ("caption", read_caption)):
        if name in params and method.parameters[name].unit == "e":
            yield read


def _check_keys(params: Json) -> None:
    chat = params.get("chat_id")
    if not isinstance(chat, int) or chat > 0:
        return
    rows = (params.get("reply_markup") or {}).get("keyboard", ())
    for key in (key for row in rows for key in row if isinstance(key, dict)):
        for asks, otherwise in IN_PRIVATE.items():
            if key.get(asks):
                raise otherwise


def _check_port(url: str) -> None:
    """Check a webhook's port; on this machine, where tests listen, it may be any."""
    where = urlsplit(url)
    try:
        port = where.port
    except ValueError:
        raise errors.WEBHOOK_PORT from None
    if port not in WEBHOOK_PORTS and not _is_here(where.hostname or ""):
        raise errors.WEBHOOK_PORT


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
