"""The whole path of one patient through the rehearsal, in real Chromium, in each language: the real house behind it.

Invited, an objection, a typed wish, booked, reminded, visited, checked in, a worry, staff take over, handed back.
"""

import os
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from bot.app import build_rehearsal_web
from bot.rehearsal.people import PEOPLE
from bot.rehearsal.stage import set_stage
from flows.vocabulary import Language
from tests.e2e.conftest import Window
from tests.e2e.pages import Patient, Stage
from tests.e2e.server import serving

DESKTOP = {"width": 1920, "height": 1080}
BEGINS = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
A_MOMENT = 1_500.0
"""So many milliseconds what has been sent takes at most to show on a phone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What the patient writes, and how their staff answer."""

    too_dear: str
    wish: str
    worry: str
    answer: str


SAYS = {
    Language.EN: Words(
        too_dear="honestly it is the money at the moment",
        wish="after 5 on any day but friday",
        worry="it hurts a bit when I chew",
        answer="Good afternoon Anna, this is Robin. Dr Vos will see you tomorrow at nine.",
    ),
    Language.FR: Words(
        too_dear="franchement c'est trop cher pour moi en ce moment",
        wish="après 17h, n'importe quel jour sauf vendredi",
        worry="j'ai un peu mal en mâchant",
        answer="Bonjour Madame Modèle, ici Robin. Le Dr Vos vous reçoit demain à 9 h.",
    ),
    Language.NL: Words(
        too_dear="eerlijk gezegd is het me op dit moment te duur",
        wish="na vijven, maakt niet uit welke dag behalve vrijdag",
        worry="het doet een beetje pijn bij het kauwen",
        answer="Dag meneer Van Voorbeeld, met Robin. Dr Vos ziet u morgen om negen uur.",
    ),
    Language.RU: Words(
        too_dear="честно говоря, сейчас дороговато для меня",
        wish="после пяти в любой день кроме пятницы",
        worry="немного болит, когда жую",
        answer="Здравствуйте, Анна Сергеевна, это Робин. Доктор Вос примет Вас завтра в девять.",
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Play:
    """One patient's phone on the stage."""

    stage: Stage
    phone: Patient
    name: str
    words: Words
    language: Language

    @property
    def lines(self) -> Locator:
        """What stands in the chat."""
        return self.phone.view.locator(".lines .line")

    @property
    def files(self) -> Locator:
        """The calendar files in the chat."""
        return self.phone.view.locator(".lines a.file")

    async def press(self, place: int, *, lines: int) -> None:
        """Press a button, and wait until the chat holds so many lines."""
        await self.phone.view.locator(".choices button").nth(place).click()
        await expect(self.lines).to_have_count(lines)

    async def until(self, more: Locator, count: int, by: str) -> None:
        """Move the clock until something has come; after each move give it time to, or one move too many follows."""
        for _ in range(12):
            if await more.count() >= count:
                break
            await self.stage.move(by)
            with suppress(AssertionError):
                await expect(more).to_have_count(count, timeout=A_MOMENT)
        await expect(more).to_have_count(count)

    async def look(self, moment: str) -> None:
        """Take a picture for a person to look at, where one asks for them."""
        if folder := os.environ.get("RECARE_SCREENSHOTS"):
            await self.stage.page.screenshot(path=f"{folder}/{moment}.{self.language.value}.png")


@pytest.mark.parametrize(
    "language",
    [pytest.param(language, marks=() if language is Language.EN else pytest.mark.long) for language in Language],
)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_lapsed_patient_comes_back_and_staff_look_after_them(
    language: Language, window: Window, tmp_path: Path
) -> None:
    house, controls = set_stage(tmp_path, public_url="http://127.0.0.1", today=BEGINS)
    person = next(each for each in PEOPLE if each.language is language)
    async with AsyncExitStack() as ends:
        ends.push_async_callback(house.database.close)
        site = await ends.enter_async_context(serving(build_rehearsal_web(house, controls), house.signals))
        stage = await Stage.set(await window(DESKTOP), site, lang=language.value)
        play = Play(
            stage=stage,
            phone=stage.phone(f"{person.first_name} {person.last_name}"),
            name=" ".join(part for part in (person.first_name, person.patronymic, person.last_name) if part),
            words=SAYS[language],
            language=language,
        )
        await books_after_an_objection(play)
        await is_reminded_and_comes(play)
        await worries_and_is_looked_after(play)


async def books_after_an_objection(play: Play) -> None:
    await expect(play.lines).to_have_count(1)
    await play.until(play.lines, 2, "next")
    await play.look("invited")
    await play.phone.write(play.words.too_dear)
    await expect(play.lines).to_have_count(4)
    await play.press(0, lines=6)
    await play.phone.write(play.words.wish)
    await expect(play.lines).to_have_count(8)
    await play.press(0, lines=10)
    await expect(play.files).to_have_count(1)
    await play.look("booked")


async def is_reminded_and_comes(play: Play) -> None:
    await play.until(play.files, 2, "next")
    await play.press(0, lines=await play.lines.count() + 2)
    await play.stage.desk.open(play.name)
    await play.until(play.stage.desk.view.locator("#do-visited:enabled"), 1, "next")
    await play.stage.desk.mark_visited()
    await play.until(play.lines, await play.lines.count() + 1, "next")
    await play.look("checked_in")


async def worries_and_is_looked_after(play: Play) -> None:
    await play.press(1, lines=await play.lines.count() + 2)
    await play.stage.desk.take_over(play.name)
    await play.phone.write(play.words.worry)
    await play.stage.desk.sees(play.words.worry)
    await play.stage.desk.answer(play.words.answer)
    await play.phone.sees(play.words.answer)
    await play.look("with_staff")
    lines = await play.lines.count()
    await play.stage.desk.hand_back()
    await expect(play.lines).to_have_count(lines + 1)
    await play.look("handed_back")
