"""Files beyond what is kept in a day are not even fetched: nobody fills the line with what is thrown away."""

from bot.services.received import FILES_A_DAY
from tests.botapi.api import BotApi
from tests.botapi.files import MediaKind
from tests.botapi.people import Person
from tests.telegram.clinic import Clinic


async def sends(clinic: Clinic, person: Person, files: int) -> tuple[int, int]:
    """Let somebody open the chat and send documents; how many the desk has of them, and how many it only hears of."""
    person.start(clinic.bots.patients)
    await person.until_sees()
    for _ in range(files):
        person.send(MediaKind.DOCUMENT)
        await clinic.until_quiet()
    view = await clinic.house.desk.conversation(clinic.add_staff(), clinic.talk_of(person))
    assert view is not None
    sent = [line for line in view.lines if line.sent is not None]
    kept = [line for line in sent if line.attachment is not None]
    return len(kept), len(sent) - len(kept)


async def test_a_stranger_makes_nobody_fetch_more_files_than_are_kept(clinic: Clinic, api: BotApi) -> None:
    assert await sends(clinic, api.person("Nobody"), FILES_A_DAY + 3) == (FILES_A_DAY, 3)
    assert len(api.calls_of("getFile")) == FILES_A_DAY
    assert await sends(clinic, api.person("Somebody else"), 1) == (1, 0)
