"""Each way in which Telegram forbids to write: what closes the address, and what may pass."""

import pytest

from bot.channels.telegram import TelegramChannel
from bot.services.ports import AddressClosedError, ChannelError, NotSentError, OutgoingMessage
from tests.botapi import errors
from tests.botapi.errors import ApiError, forbidden
from tests.channels.telegram.scripted import ScriptedApi, failed

TO_BOTS = forbidden("bot can't send messages to bots")


async def told(channel: TelegramChannel, api: ScriptedApi, error: ApiError) -> ChannelError:
    api.then("sendMessage", failed(error.code, error.description))
    with pytest.raises(ChannelError) as raised:
        await channel.send("501", OutgoingMessage(key="1", text="Hello"))
    return raised.value


@pytest.mark.parametrize(
    "error", [errors.BLOCKED, errors.DEACTIVATED, errors.NEVER_STARTED, errors.KICKED, TO_BOTS], ids=str
)
async def test_where_the_bot_is_not_wanted_the_address_is_closed(
    channel: TelegramChannel, api: ScriptedApi, error: ApiError
) -> None:
    assert isinstance(await told(channel, api, error), AddressClosedError)


@pytest.mark.parametrize("error", [errors.CANNOT_WRITE_TO_USER, errors.NO_MEMBER, forbidden("not now")], ids=str)
async def test_what_may_pass_is_tried_again_much_later_and_holds_up_nobody(
    channel: TelegramChannel, api: ScriptedApi, error: ApiError
) -> None:
    failure = await told(channel, api, error)
    assert isinstance(failure, NotSentError)
    assert failure.wait.total_seconds() >= 600
    assert failure.busy is None
