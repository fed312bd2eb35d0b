"""A message of several calls to one chat, before a messenger that takes one a second."""

from datetime import timedelta

from tests.botapi.api import BotApi
from tests.telegram.acts import comes_by_link
from tests.telegram.clinic import Clinic


async def test_the_place_follows_its_words_where_a_chat_takes_one_message_a_second(clinic: Clinic, api: BotApi) -> None:
    anna = await comes_by_link(clinic, clinic.add_patient())
    limits = api.limit()

    anna.send_location()
    await clinic.until(lambda: any(seen.place for seen in anna.sees()), "the place is shown")
    await clinic.until_quiet()
    await clinic.comes(clinic.clock.now() + timedelta(seconds=5))
    await clinic.until_quiet()

    assert limits.refusals > 0, "the messenger asked to wait"
    assert {row["status"] for row in clinic.records.of("outbox")} == {"sent"}
    assert clinic.records.of("ticket", reason="unknown_delivery") == []
    assert len(api.calls_of("sendVenue")) == 2
