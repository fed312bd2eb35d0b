"""Photos, voices, documents and the like, as they come in."""

from typing import Any

import pytest

from bot.channels.telegram import PatientsBot
from bot.services.arriving import ArrivedContent
from bot.services.updates import SentFile
from flows.vocabulary import AttachmentKind, Channel
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import DROP, ScriptedApi, failed
from tests.channels.telegram.updates import AT, PERSON, group, message, private


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
FILM = {**FILE, "width": 9, "height": 9, "duration": 2}
STILL = {**FILM, "photo": SIZES}
UNPAID = {"type": "preview", "width": 9, "height": 9}


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
        (
            {"live_photo": FILM, "photo": SIZES, "caption": "My tooth"},
            SentFile(kind=AttachmentKind.PICTURE, media_type="image/jpeg", content=b"bytes", caption="My tooth"),
        ),
        (
            {"paid_media": {"star_count": 5, "paid_media": [UNPAID, {"type": "photo", "photo": SIZES}]}},
            SentFile(kind=AttachmentKind.PICTURE, media_type="image/jpeg", content=b"bytes"),
        ),
        (
            {"paid_media": {"star_count": 5, "paid_media": [{"type": "live_photo", "live_photo": STILL}]}},
            SentFile(kind=AttachmentKind.PICTURE, media_type="image/jpeg", content=b"bytes"),
        ),
        (
            {"paid_media": {"star_count": 5, "paid_media": [{"type": "video", "video": FILM}]}, "caption": "Look"},
            SentFile(kind=AttachmentKind.VIDEO, media_type="video/mp4", content=b"bytes", caption="Look"),
        ),
    ],
    ids=[
        "photo",
        "voice",
        "audio",
        "video",
        "video note",
        "document",
        "picture as a file",
        "live photo",
        "paid photo",
        "paid live photo",
        "paid video",
    ],
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
    assert api.calls[0].fields["file_id"] == ("f" if expected.media_type != "image/jpeg" else "big")


STICKER = {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}
GIFT = {"id": "1", "sticker": STICKER, "star_count": 5}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"sticker": STICKER}, AttachmentKind.STICKER),
        (
            {"animation": {**FILE, "width": 9, "height": 9, "duration": 1}, "document": {**FILE}},
            AttachmentKind.STICKER,
        ),
        ({"location": {"latitude": 52.0, "longitude": 4.9}}, AttachmentKind.PLACE),
        ({"dice": {"emoji": "🎲", "value": 3}}, AttachmentKind.STICKER),
        ({"story": {"chat": private(), "id": 3}}, AttachmentKind.STICKER),
        ({"game": {"title": "Chess", "description": "", "photo": []}}, AttachmentKind.STICKER),
        ({"paid_media": {"star_count": 5, "paid_media": [UNPAID]}}, AttachmentKind.STICKER),
        ({"gift": {"gift": GIFT}}, AttachmentKind.STICKER),
        ({"giveaway": {"chats": [group()], "winners_selection_date": AT, "winner_count": 1}}, AttachmentKind.STICKER),
    ],
    ids=["sticker", "animation", "place", "dice", "story", "game", "unpaid", "gift", "giveaway"],
)
async def test_what_needs_no_bytes_is_not_loaded(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, content: dict[str, Any], kind: AttachmentKind
) -> None:
    assert await heard(patients, entrance, message(**content)) == SentFile(kind=kind)
    assert api.calls == []


@pytest.mark.parametrize(
    ("path", "asked_for"),
    [("documents/100% sure, éé.pdf", "documents/100% sure, éé.pdf"), ("photos/\ud800.jpg", "photos/?.jpg")],
)
async def test_a_file_may_lie_under_any_name(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, path: str, asked_for: str
) -> None:
    api.results["getFile"] = {"file_id": "f", "file_unique_id": "u", "file_path": path}
    api.files[asked_for] = b"bytes"

    said = await heard(patients, entrance, message(document=FILE))

    assert said == SentFile(kind=AttachmentKind.DOCUMENT, content=b"bytes")


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


async def test_a_file_for_which_there_is_no_room_is_not_asked_for_and_still_arrives(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.room = False

    said = await heard(patients, entrance, message(photo=SIZES, caption="My face is swollen"))

    assert said == SentFile(kind=AttachmentKind.PICTURE, media_type="image/jpeg", caption="My face is swollen")
    assert api.calls == []
    assert entrance.looked == [(Channel.TELEGRAM, str(PERSON))]


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Hi"},
        {"sticker": STICKER},
        {"location": {"latitude": 52.0, "longitude": 4.9}},
        {"photo": SIZES, "chat": group()},
    ],
    ids=["text", "sticker", "place", "picture in a group"],
)
async def test_room_is_asked_about_for_nothing_but_what_would_be_loaded(
    patients: PatientsBot, entrance: RecordingEntrance, content: dict[str, Any]
) -> None:
    await patients.handle(message(**content))
    assert entrance.looked == []


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
