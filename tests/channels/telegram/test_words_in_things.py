"""Words that stand in things: a list, a poll, a gift, a formatted page, and what nobody knows yet."""

from typing import Any

import pytest

from bot.channels.telegram import PatientsBot
from bot.services.arriving import Edited
from bot.services.updates import SentFile, Wrote
from flows.vocabulary import AttachmentKind
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import ScriptedApi
from tests.channels.telegram.test_files_in import GIFT, heard
from tests.channels.telegram.updates import AT, message

POLL = {
    "id": "1",
    "question": "Is it bad?",
    "options": [
        {"persistent_id": text, "text": text, "voter_count": 0, "option_persistent_id": text}
        for text in ("It bleeds", "It swells")
    ],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


async def test_what_a_poll_asks_is_read_as_words_beside_it(patients: PatientsBot, entrance: RecordingEntrance) -> None:
    said = await heard(patients, entrance, message(poll=POLL))
    assert said == SentFile(kind=AttachmentKind.STICKER, caption="Is it bad?\nIt bleeds\nIt swells")


LISTED = {
    "title": "For the dentist",
    "tasks": [{"id": 1, "text": "It bleeds"}, {"id": 2, "text": "What does it cost?"}],
}


async def test_a_list_is_words_like_any_others_and_so_is_what_is_added_to_it(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    said = [await heard(patients, entrance, message(checklist=LISTED))]
    said.append(await heard(patients, entrance, message(checklist_tasks_added={"tasks": LISTED["tasks"]})))
    said.append(await heard(patients, entrance, message("edited_message", checklist=LISTED, edit_date=AT)))
    assert said == [
        Wrote(text="For the dentist\nIt bleeds\nWhat does it cost?"),
        Wrote(text="It bleeds\nWhat does it cost?"),
        Edited(text="For the dentist\nIt bleeds\nWhat does it cost?", message_id="77"),
    ]
    assert api.calls == []


async def test_a_task_that_is_ticked_off_is_nothing_said(patients: PatientsBot, entrance: RecordingEntrance) -> None:
    await patients.handle(message(checklist_tasks_done={"marked_as_done_task_ids": [1]}))
    assert entrance.taken == []


BLOCKS = [
    {"type": "heading", "text": "My tooth", "size": 1},
    {
        "type": "paragraph",
        "text": ["it ", {"type": "bold", "text": "bleeds"}, {"type": "url", "text": "a lot", "url": "x"}],
    },
]
BILL = {"title": "Crown", "description": "Two parts", "start_parameter": "", "currency": "EUR", "total_amount": 9}


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ({"gift": {"gift": GIFT, "text": "It bleeds"}}, AttachmentKind.STICKER, "It bleeds"),
        ({"rich_message": {"blocks": BLOCKS}}, AttachmentKind.OTHER, "My tooth it bleeds a lot"),
        ({"invoice": BILL}, AttachmentKind.OTHER, "Crown\nTwo parts"),
        ({"newer_than_we_are": {}, "caption": "It bleeds"}, AttachmentKind.OTHER, "It bleeds"),
    ],
    ids=["gift", "formatted page", "invoice", "unknown kind"],
)
async def test_words_are_read_wherever_a_person_has_written_them(
    patients: PatientsBot, entrance: RecordingEntrance, content: dict[str, Any], kind: AttachmentKind, words: str
) -> None:
    assert await heard(patients, entrance, message(**content)) == SentFile(kind=kind, caption=words)
