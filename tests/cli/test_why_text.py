"""The words of `recare why`: of each way of reaching somebody no more than what matters."""

from zoneinfo import ZoneInfo

from bot.cli.why_text import Telling
from bot.services.why_now import Against, Outlook
from flows.outreach.verdict import Refusal
from flows.vocabulary import Channel


def outlook(channel: Channel, *reasons: Refusal) -> Outlook:
    """How it stands by a channel."""
    return Outlook(
        channel=channel,
        step=1,
        waiting=None,
        against=tuple(Against(reason=reason, ends_by=None) for reason in reasons),
        rest=None,
        wait=None,
        until=None,
        needs_release=False,
    )


def test_of_a_chat_nobody_uses_nothing_is_said_where_another_is_open() -> None:
    telling = Telling(zone=ZoneInfo("Europe/Amsterdam"))
    letter = outlook(Channel.LETTER, Refusal.UNREACHED)
    closed = outlook(Channel.TELEGRAM, Refusal.CHANNEL_CLOSED)
    for used in (outlook(Channel.TELEGRAM), closed):
        words = "\n".join(telling.now([used, outlook(Channel.WEBCHAT, Refusal.UNREACHED), letter]))
        assert "by Telegram" in words
        assert "web page" not in words
        assert "no postal address is known" in words
    unused = [outlook(channel, Refusal.UNREACHED) for channel in (Channel.TELEGRAM, Channel.WEBCHAT)]
    words = "\n".join(telling.now([*unused, outlook(Channel.LETTER)]))
    assert (
        "No message by Telegram now:\n  - has not opened the link yet, or has closed the chat: once they have opened"
        in words
    )
    assert (
        "No message on the web page now:\n  - has not opened the page yet: once they have opened their link, or"
        in words
    )
