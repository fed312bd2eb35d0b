"""Invitations on paper: letters, cards for the counter, and lists for a mail merge."""

from bot.invites.cards import cards_pdf
from bot.invites.letters import letters_pdf
from bot.invites.merge import merge_csv
from bot.invites.paper import Paper, Window, paper_of, window_of
from bot.invites.writing import UnwritableError, WritableFile

__all__ = [
    "Paper",
    "UnwritableError",
    "Window",
    "WritableFile",
    "cards_pdf",
    "letters_pdf",
    "merge_csv",
    "paper_of",
    "window_of",
]
