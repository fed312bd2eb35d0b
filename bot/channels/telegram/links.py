"""Owns the form of a personal link that opens a chat with the bot.

Telegram takes 1 to 64 of `A-Za-z0-9_-` as what a chat is started with.
"""

import re

STARTED_WITH = re.compile(r"[A-Za-z0-9_-]{1,64}")


def personal_link(username: str, token: str) -> str:
    """Make the link that starts a chat with a token. Raises ValueError: Telegram would not carry it."""
    if not STARTED_WITH.fullmatch(token):
        raise ValueError("a chat can be started with 1 to 64 letters, digits, _ and - only")
    return f"https://t.me/{username}?start={token}"
