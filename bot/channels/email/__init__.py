"""E-mail: invites by a clinic's own mail server those no messenger reaches yet, and reads what comes back."""

from bot.channels.email.bounces import UnreadableReportsError, read_reports
from bot.channels.email.channel import EmailChannel
from bot.channels.email.composing import Sender
from bot.channels.email.smtp import Postbox, Security

__all__ = ["EmailChannel", "Postbox", "Security", "Sender", "UnreadableReportsError", "read_reports"]
