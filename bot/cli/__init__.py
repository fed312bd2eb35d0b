"""The command `recare`: every command is a module of its own, loaded when it is called."""

from bot.cli.root import main

__all__ = ["main"]
