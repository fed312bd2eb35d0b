"""A person, please: who will be there when, and when the assistant is back."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class PersonComing(Text, key="person.coming"):
    """The patient wants a person, during opening hours. Someone will answer here shortly; {phone} if it cannot wait."""


@dataclass(frozen=True, kw_only=True)
class PersonFrom(Text, key="person.from"):
    """The patient wants a person while the practice is closed. Somebody will answer here when it opens.

    If it cannot wait: {out_of_hours}. back_at: when the practice opens again.
    """

    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonKnows(Text, key="person.knows"):
    """The patient asks for a person again while one has already been told. They know, and will answer here; {phone}."""


@dataclass(frozen=True, kw_only=True)
class PersonKnowsFrom(Text, key="person.knows_from"):
    """As `person.knows`, while the practice is closed. back_at: when it opens again."""

    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class Noted(Text, key="person.noted"):
    """The patient adds something while waiting for a person.

    Thank you, it is with your message for the team. No question.
    """


@dataclass(frozen=True, kw_only=True)
class AssistantBack(Text, key="person.assistant_back"):
    """Staff have finished and handed the chat back. One line: the automatic assistant answers here again."""
