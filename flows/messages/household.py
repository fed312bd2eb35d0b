"""One account, several patients: for whom is it?"""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class ForWhom(Text, key="household.for_whom"):
    """The writer looks after several patients. "Who is this about?"; a button for each and one for a person follow."""


@dataclass(frozen=True, kw_only=True)
class ForWhomFirst(Text, key="household.first"):
    """They wrote something before choosing: so that nothing is mixed up, please choose first who it is about."""
