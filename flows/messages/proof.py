"""What stands in the e-mail that asks whether a mailbox named in the chat is the patient's: paragraphs of it.

Whoever has the mailbox may be somebody else: nothing here names a person, or says more of them than the clinic's name.
"""

from dataclasses import dataclass
from datetime import date

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class ProofSubject(Text, key="proof.subject"):
    """Subject of the e-mail: please confirm your e-mail address. No clinic, the sender names it."""


@dataclass(frozen=True, kw_only=True)
class ProofWhy(Text, key="proof.why"):
    """Who writes ({clinic}, automatically) and why: this address was given to us. Is it yours? Press the button."""


@dataclass(frozen=True, kw_only=True)
class ProofConfirm(Text, key="proof.confirm"):
    """Button of the e-mail: confirm the address."""


@dataclass(frozen=True, kw_only=True)
class ProofHow(Text, key="proof.how"):
    """Under the button: it works once; we use the address only after that. until: the last day the link works."""

    until: date


@dataclass(frozen=True, kw_only=True)
class ProofNotYours(Text, key="proof.not_yours"):
    """For whoever did not give this address to us: do nothing, we then do not use it. Questions: call {phone}."""
