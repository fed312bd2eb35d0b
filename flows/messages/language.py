"""In which language the practice writes: offered to whoever writes in another one, in that one."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class LanguageOffered(Text, key="language.offered"):
    """Stands under an answer in another language, to whoever has just written in this one.

    Shall we write to you in <this language> from now on? One short question about this language, whose name it says.
    Two buttons follow: yes, in this language; do not change the language.
    """


@dataclass(frozen=True, kw_only=True)
class LanguageChanged(Text, key="language.changed"):
    """The patient chose this language: from now on we write to them in <this language>. No question."""


@dataclass(frozen=True, kw_only=True)
class LanguageKept(Text, key="language.kept"):
    """The patient was offered another language and would rather go on in <this language>. No question."""
