"""The whole path of one patient through the rehearsal, in real Chromium, in each language: the real house behind it.

Invited, an objection, a typed wish, booked, reminded, visited, checked in, a worry, staff take over, handed back.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.app import build_rehearsal_web
from bot.rehearsal.people import PEOPLE
from bot.rehearsal.stage import set_stage
from flows.vocabulary import Language
from tests.e2e.conftest import Window
from tests.e2e.pages import Stage
from tests.e2e.server import serving

DESKTOP = {"width": 1920, "height": 1080}
BEGINS = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


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


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.asyncio(loop_scope="session")
async def test_a_lapsed_patient_comes_back_and_staff_look_after_them(
    language: Language, window: Window, tmp_path: Path
) -> None:
    house, controls = set_stage(tmp_path, public_url="http://127.0.0.1", today=BEGINS)
    person = next(each for each in PEOPLE if each.language is language)
    name = f"{person.first_name} {person.last_name}"
    words = SAYS[language]
    async with serving(build_rehearsal_web(house, controls), house.signals) as site:
        stage = await Stage.set(await window(DESKTOP), site, lang=language.value)
        phone = stage.phone(name)
        choices = phone.view.locator(".choices button")
        lines = phone.view.locator(".lines .line")
        await expect(lines).to_have_count(1)

        await stage.move("next")
        await expect(lines).to_have_count(2)
        await expect(choices).to_have_count(5)
        await phone.write(words.too_dear)
        await expect(lines).to_have_count(4)
        await choices.nth(0).click()
        await expect(lines).to_have_count(6)
        await phone.write(words.wish)
        await expect(lines).to_have_count(8)
        await choices.nth(0).click()
        await expect(lines).to_have_count(10)
        await expect(phone.view.locator(".lines a[href*='/files/']")).to_have_count(1)
        await _look(stage, f"booked.{language.value}")

        for _ in range(8):
            if await phone.view.locator(".lines a[href*='/files/']").count() == 2:
                break
            await stage.move("next")
        await expect(phone.view.locator(".lines a[href*='/files/']")).to_have_count(2)
        await choices.nth(0).click()

        shown = " ".join(part for part in (person.first_name, person.patronymic, person.last_name) if part)
        await stage.desk.open(shown)
        while not await stage.desk.view.locator("#do-visited:enabled").count():
            await stage.move("day")
            await stage.desk.open(shown)
        await stage.desk.mark_visited()
        before = await lines.count()
        for _ in range(4):
            await stage.move("next")
            if await lines.count() > before:
                break
        await choices.nth(1).click()
        await expect(stage.desk.row(shown)).to_be_visible()
        await stage.desk.take_over(shown)
        await phone.write(words.worry)
        await stage.desk.sees(words.worry)
        await stage.desk.answer(words.answer)
        await phone.sees(words.answer)
        await _look(stage, f"staff.{language.value}")
        before = await lines.count()
        await stage.desk.hand_back()
        await expect(lines).to_have_count(before + 1)
        await _look(stage, f"handed_back.{language.value}")
    await house.database.close()


async def _look(stage: Stage, name: str) -> None:
    """Take a picture for a person to look at, where one asks for them."""
    if folder := os.environ.get("RECARE_SCREENSHOTS"):
        await stage.page.screenshot(path=f"{folder}/{name}.png")
