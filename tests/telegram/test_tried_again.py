"""A clinic that is tried with one server of tests, and later with another."""

from pathlib import Path

from bot.clocks import RehearsalClock
from tests.botapi.api import bot_api
from tests.telegram.starting import house_on_telegram

LATER = 4711


async def test_a_server_whose_numbers_begin_elsewhere_is_heard_by_a_clinic_that_knew_another(
    folder: Path, clock: RehearsalClock
) -> None:
    for first in (0, LATER):
        async with bot_api(now=clock.now, first=first) as api, house_on_telegram(api, folder, clock) as clinic:
            person = api.person("Somebody")
            person.start(clinic.bots.patients)
            await person.until_sees("De Linde")
            await clinic.until_quiet()
        api.must_be_clean()
