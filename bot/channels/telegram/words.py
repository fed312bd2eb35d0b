"""Owns the few words the bot says by itself, outside any conversation, and in whose language."""

from collections.abc import Mapping

from bot.services.ports import Clock
from bot.wording import PageWords
from flows.messages.text import Parameter
from flows.vocabulary import Language


class BotWords:
    """The texts `telegram.…`."""

    def __init__(
        self,
        *,
        words: PageWords,
        names: Mapping[Language, str],
        language: Language,
        clock: Clock,
    ) -> None:
        """Take the texts. names: of the clinic, in every language; language: for whoever reads none of ours."""
        self._words = words
        self._names = names
        self._clock = clock
        self.language = language

    def say(self, key: str, language: Language | None, /, **values: Parameter) -> str:
        """Say `telegram.<key>` in a language, or the clinic's."""
        return self._words.page(language or self.language, self._clock.now())(f"telegram.{key}", **values)

    def clinic(self, language: Language | None) -> str:
        """Tell the clinic's name in a language."""
        return self._names[language or self.language]
