"""A call with a file is a form that any server reads as it was meant, whatever stands in it."""

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.channels.telegram.calls import Upload
from bot.channels.telegram.forms import write_form

AWKWARD = '--\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n7 é 🦷'
CONTENT = bytes(range(256)) + b"\r\n----\r\n"


async def read_by_a_server(body: bytes, kind: str) -> dict[str, str | tuple[str, bytes]]:
    """Post a form and tell what arrived: texts, and files with their names."""
    arrived: dict[str, str | tuple[str, bytes]] = {}

    async def take(request: web.Request) -> web.Response:
        for name, value in (await request.post()).items():
            arrived[name] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else str(value)
        return web.Response()

    application = web.Application()
    application.router.add_post("/", take)
    async with TestServer(application, host="127.0.0.1") as server, ClientSession() as session:
        await session.post(server.make_url("/"), data=body, headers={"Content-Type": kind})
    return arrived


@pytest.mark.parametrize(
    ("name", "arrives"),
    [("visit.ics", "visit.ics"), ("rdv été.pdf", "rdv été.pdf"), ("a\r\nb.pdf", "a  b.pdf"), ("", "document")],
)
async def test_a_form_arrives_as_it_was_written(name: str, arrives: str) -> None:
    upload = Upload(field="document", name=name, content=CONTENT)

    body, kind = write_form({"chat_id": "5", "caption": AWKWARD}, upload)

    assert await read_by_a_server(body, kind) == {
        "chat_id": "5",
        "caption": AWKWARD,
        "document": (arrives, CONTENT),
    }


def test_two_forms_are_never_divided_alike() -> None:
    upload = Upload(field="document", name="visit.ics", content=CONTENT)

    assert write_form({}, upload)[1] != write_form({}, upload)[1]
