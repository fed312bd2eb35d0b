"""How fast the patients' bot may send is the clinic's to say."""

import pytest

from bot.app.bots import connect_bots
from bot.services.ports import Pace
from bot.settings import BotTokens, read_clinic
from bot.settings.clinic import TelegramPart
from tests.world import CLINIC_FILE

NOBODYS = "4711:" + "A" * 35


@pytest.mark.parametrize(("part", "per_second"), [(TelegramPart(), 29.0), (TelegramPart(messages_per_second=5), 5.0)])
async def test_the_bot_sends_as_many_a_second_as_the_clinic_says(part: TelegramPart, per_second: float) -> None:
    settings = read_clinic(CLINIC_FILE).model_copy(update={"telegram": part})
    bots = connect_bots(settings, BotTokens(patients=NOBODYS, desk=None))
    assert bots is not None
    assert bots.channel is not None
    assert bots.channel.capabilities.pace == Pace(per_second=per_second, chat_seconds=1.0)
