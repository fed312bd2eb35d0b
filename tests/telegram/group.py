"""The staff's forum group as tests hold it: connected, with a member of staff in it, and rounds that come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.services.topic_links import group_code, staff_code
from bot.services.views import StaffMember
from flows.ids import StaffId
from flows.vocabulary import Language, Role
from tests.botapi.groups import Group, Member
from tests.botapi.model import Topic
from tests.botapi.people import Person
from tests.botapi.seen import Seen
from tests.telegram.clinic import Clinic

SECOND = timedelta(seconds=1)


@dataclass(kw_only=True)
class StaffGroup:
    """A connected group. robin: of the staff, there; staff: the same, as the web desk knows them."""

    clinic: Clinic
    group: Group
    robin: Member
    staff: StaffMember
    language: Language

    def word(self, key: str, **values: str) -> str:
        """One of the desk's texts, in the staff's language."""
        return self.clinic.house.words.page(self.language, self.clinic.clock.now())(key, **values)

    async def comes_round(self, time: timedelta = SECOND) -> None:
        """Let the bots take in what waits, and then a round come."""
        await self.clinic.until_quiet()
        self.clinic.clock.move_to(self.clinic.clock.now() + time)
        await self.clinic.house.ticks.run("topics")

    async def topic_for(self, person: Person, words: str) -> Topic:
        """Let somebody write what only a person can answer; the topic that opens."""
        before = len(self.group.topics)
        person.write(words)
        await person.until_sees()
        await self.comes_round()
        assert len(self.group.topics) == before + 1
        return self.group.topics[-1]

    async def presses(self, key: str, topic: Topic) -> str:
        """Press the button with this text; what is shown over it, after the round."""
        shown = await self.robin.press(self.word(key), topic).until_answered()
        await self.comes_round()
        return shown

    def card(self, topic: Topic) -> Seen:
        """The card: the bot's first message in a topic."""
        return next(seen for seen in self.group.sees(topic) if seen.by_bot and seen.text)

    def said(self, topic: Topic) -> str:
        """Everything that stands in a topic."""
        return "\n".join(seen.text for seen in self.group.sees(topic))


async def connect_group(
    clinic: Clinic, language: Language = Language.EN, change: Callable[[Group], object] = lambda group: group
) -> StaffGroup:
    """Connect a group and a manager by their codes, as they would themselves; change: what is done to it before."""
    owner = clinic.api.person("Robin", language=language.value)
    group = clinic.api.group("Desk", owner=owner)
    change(group)
    group.add(clinic.bots.desk)
    staff, now = clinic.add_staff(Role.MANAGER), clinic.clock.now()
    with clinic.house.database.unit_of_work(clinic.house.clinic.id) as uow:
        codes = group_code(uow, now).code, staff_code(uow, StaffId(staff.staff_id), now).code
        uow.commit()
    robin = group.member(owner.account)
    connected = StaffGroup(clinic=clinic, group=group, robin=robin, staff=staff, language=language)
    robin.write(None, f"/link {codes[0]}")
    await group.until_sees(connected.word("topic.link.done", title="Desk"))
    owner.start(clinic.bots.desk, codes[1])
    await owner.until_sees(connected.word("topic.private.done", name="Robin Example"))
    return connected
