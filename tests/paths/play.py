"""Plays a transcript on the real house: what a patient and staff do is done, what the bot says is written down.

A transcript is a text file. Lines at the margin are acts; indented lines are what followed. `patient presses
#2` presses the second button and is written down with its words.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bot.app import House
from bot.rehearsal.stage import Stage, set_stage
from bot.services.desk_ports import ChatSession
from bot.services.views import Line, StaffMember, Voice
from flows.vocabulary import Language

BEGINS = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KEY = b"only for tests, only for tests.."
"""So that each patient draws the same lot, and reads the same words, each time."""

PRESS = re.compile(r"patient presses (?:#(\d+)|\[(.+)\])")


@dataclass(kw_only=True)
class Player:
    """One patient of the rehearsal, the desk and the clock; `page` is the transcript as it grows."""

    house: House
    stage: Stage
    session: ChatSession
    staff: StaffMember
    page: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    numbers: "count[int]" = field(default_factory=count)

    async def act(self, line: str) -> None:
        """Do what a line says and write down what follows."""
        said = await self._do(line)
        self.page.append(said)
        await self.write_down()

    async def write_down(self) -> None:
        """Write down what the patient has not seen yet, and the buttons there are now."""
        chat = await self.house.patient.chat(self.session)
        fresh = [each for each in chat.lines if each.id not in self.seen]
        self.seen.update(each.id for each in fresh)
        spoken = [each for each in fresh if each.voice is Voice.BOT]
        self.page.extend(text for each in spoken for text in _indented(each))
        if spoken and chat.buttons:
            self.page.append("    " + " ".join(f"[{button.label}]" for button in chat.buttons))

    async def _do(self, line: str) -> str:
        if pressed := PRESS.fullmatch(line):
            return await self._press(pressed[1], pressed[2])
        actor, _, rest = line.partition(" ")
        if actor == "patient>":
            await self.house.patient.write(self.session, self._number(), rest)
        elif actor == "desk>":
            await self.house.desk.answer(self.staff, self.session.conversation_id, self._number(), rest)
        elif actor == "clock:":
            moved = await self.stage.move(rest.split()[0])
            return f"clock: {rest.split()[0]} -> {moved.astimezone(self.house.clinic.zone):%a %d %b %H:%M}"
        else:
            await self._at_the_desk(rest)
        return line

    async def _press(self, place: str | None, label: str | None) -> str:
        buttons = (await self.house.patient.chat(self.session)).buttons
        button = buttons[int(place) - 1] if place else next(each for each in buttons if each.label == label)
        await self.house.patient.press(self.session, self._number(), button.payload)
        return f"patient presses [{button.label}]"

    async def _at_the_desk(self, what: str) -> None:
        desk, conversation = self.house.desk, self.session.conversation_id
        if what == "take":
            await desk.take(self.staff, conversation)
        elif what == "hand back":
            await desk.hand_back(self.staff, conversation)
        else:
            assert what == "mark visited", what
            view = await desk.conversation(self.staff, conversation)
            assert view is not None
            assert view.card.visit is not None
            await desk.mark_visited(self.staff, conversation, view.card.visit.appointment_id)

    def _number(self) -> str:
        return f"update-{next(self.numbers)}"


async def play(acts: list[str], language: Language, folder: Path) -> str:
    """Play the acts with the rehearsal's patient of a language; the transcript, whole."""
    house, stage = set_stage(folder, public_url="http://127.0.0.1:8080", today=BEGINS, key=KEY)
    try:
        phone = next(phone for phone in await stage.phones() if phone.language is language)
        redeemed = await house.patient.redeem_link(phone.page.removeprefix("/p/"))
        assert redeemed is not None
        staff = await house.desk.staff(await stage.desk_session())
        assert staff is not None
        player = Player(house=house, stage=stage, session=redeemed[1], staff=staff)
        await player.write_down()
        for line in acts:
            await player.act(line)
        return "\n".join(player.page) + "\n"
    finally:
        await house.database.close()


def acts_of(transcript: str) -> list[str]:
    """What is done in a transcript, without what followed."""
    acts = [line for line in transcript.splitlines() if line and not line.startswith((" ", "#"))]
    return [line.partition(" -> ")[0] for line in acts]


def _indented(line: Line) -> list[str]:
    file = f" ({line.file_name})" if line.file_name else ""
    first, *more = (line.text + file).splitlines()
    return [f"  bot> {first}", *(f"       {text}" for text in more)]
