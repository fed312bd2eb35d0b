"""Photos, voices, documents and the like, as they come in."""

from typing import Any

import pytest

from bot.channels.telegram import PatientsBot
from bot.services.arriving import ArrivedContent
from bot.services.updates import SentFile
from flows.vocabulary import AttachmentKind
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import DROP, ScriptedApi, failed
from tests.channels.telegram.updates import message


async def heard(patients: PatientsBot, entrance: RecordingEntrance, raw: dict[str, Any]) -> ArrivedContent:
    await patients.handle(raw)
    return entrance.taken[-1].content


def stored(api: ScriptedApi, content: bytes = b"bytes") -> None:
    api.results["getFile"] = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/file 1.jpg"}
    api.files["photos/file 1.jpg"] = content


FILE = {"file_id": "f", "file_unique_id": "u"}
SIZES = [
    {**FILE, "file_id": "small", "width": 90, "height": 90},
    {**FILE, "file_id": "big", "width": 900, "height": 900},
]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"photo": SIZES, "caption": "My tooth"},
            SentFile(kind=AttachmentKind.PICTURE, media_type="image/jpeg", content=b"bytes", caption="My tooth"),
        ),
        (
            {"voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"}},
            SentFile(kind=AttachmentKind.VOICE, media_type="audio/ogg", content=b"bytes"),
        ),
        (
            {"audio": {**FILE, "duration": 3}},
            SentFile(kind=AttachmentKind.VOICE, media_type="audio/ogg", content=b"bytes"),
        ),
        (
            {"video": {**FILE, "duration": 3, "width": 9, "height": 9}},
            SentFile(kind=AttachmentKind.VIDEO, media_type="video/mp4", content=b"bytes"),
        ),
        (
            {"video_note": {**FILE, "duration": 3, "length": 9}},
            SentFile(kind=AttachmentKind.VIDEO, media_type="video/mp4", content=b"bytes"),
        ),
        (
            {"document": {**FILE, "file_name": "list.pdf", "mime_type": "application/pdf"}},
            SentFile(kind=AttachmentKind.DOCUMENT, name="list.pdf", media_type="application/pdf", content=b"bytes"),
        ),
        (
            {"document": {**FILE, "file_name": "x.png", "mime_type": "image/png"}},
            SentFile(kind=AttachmentKind.PICTURE, name="x.png", media_type="image/png", content=b"bytes"),
        ),
    ],
    ids=["photo", "voice", "audio", "video", "video note", "document", "picture as a file"],
)
async def test_files_are_loaded_and_brought(
    patients: PatientsBot,
    entrance: RecordingEntrance,
    api: ScriptedApi,
    content: dict[str, Any],
    expected: SentFile,
) -> None:
    stored(api)

    assert await heard(patients, entrance, message(**content)) == expected
    assert api.calls[0].fields["file_id"] == ("big" if "photo" in content else "f")


STICKER = {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"sticker": STICKER}, AttachmentKind.STICKER),
        (
            {"animation": {**FILE, "width": 9, "height": 9, "duration": 1}, "document": {**FILE}},
            AttachmentKind.STICKER,
        ),
        ({"location": {"latitude": 52.0, "longitude": 4.9}}, AttachmentKind.PLACE),
        ({"dice": {"emoji": "🎲", "value": 3}}, AttachmentKind.OTHER),
    ],
    ids=["sticker", "animation", "place", "dice"],
)
async def test_what_needs_no_bytes_is_not_loaded(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, content: dict[str, Any], kind: AttachmentKind
) -> None:
    assert await heard(patients, entrance, message(**content)) == SentFile(kind=kind)
    assert api.calls == []


async def test_a_file_said_to_be_too_large_is_not_asked_for(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    document = {**FILE, "file_name": "scan.zip", "file_size": 20 * 1024 * 1024 + 1}

    said = await heard(patients, entrance, message(document=document))

    assert said == SentFile(kind=AttachmentKind.DOCUMENT, name="scan.zip")
    assert api.calls == []


async def test_a_file_that_turns_out_too_large_is_let_go(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    stored(api, b"0" * (20 * 1024 * 1024 + 1))

    assert await heard(patients, entrance, message(document=FILE)) == SentFile(kind=AttachmentKind.DOCUMENT)


@pytest.mark.parametrize("fault", ["no path", "refused", "dropped", "gone"])
async def test_a_file_that_cannot_be_had_still_arrives_as_one(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, fault: str
) -> None:
    stored(api)
    match fault:
        case "no path":
            api.results["getFile"] = {"file_id": "f"}
        case "refused":
            api.then("getFile", failed(400, "Bad Request: file is too big"))
        case "dropped":
            api.then("getFile", DROP)
        case _:
            api.files.clear()

    assert await heard(patients, entrance, message(photo=SIZES)) == SentFile(
        kind=AttachmentKind.PICTURE, media_type="image/jpeg"
    )
