"""Short answers to things said beside the question: prices, questions, pleasantries, praise, blame."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class Fees(Text, key="answer.fees"):
    """What does it cost? Only {clinic_fees}, the clinic's own whole sentences, with a few words around them."""


@dataclass(frozen=True, kw_only=True)
class FeesFromPerson(Text, key="answer.fees_person"):
    """What does it cost, at a clinic that wrote no fees: the question has been passed on, someone will answer here."""


@dataclass(frozen=True, kw_only=True)
class QuestionPassedOn(Text, key="answer.question_passed_on"):
    """Any other question for the practice: passed on to the team, who answer here; {phone} if it cannot wait."""


@dataclass(frozen=True, kw_only=True)
class Pleasantry(Text, key="answer.pleasantry"):
    """Answer to hello, thanks, good-bye and small talk alike: one friendly line, no question. Must fit all of them."""


@dataclass(frozen=True, kw_only=True)
class PraisePassedOn(Text, key="answer.praise"):
    """The patient praised the practice: thank you, we are glad. No question."""


@dataclass(frozen=True, kw_only=True)
class BlamePassedOn(Text, key="answer.blame"):
    """The patient is not content or not well: sorry, the team has been told and will be in touch; {phone}.

    No question.
    """


@dataclass(frozen=True, kw_only=True)
class YesRobot(Text, key="answer.robot"):
    """Are you a robot?

    Yes: an automatic assistant of {clinic}; a person reads along and can be asked for. No question.
    """


@dataclass(frozen=True, kw_only=True)
class HereWeAre(Text, key="answer.address"):
    """Where the practice is: {clinic}, {address}; a map may follow. No question, no thanks."""
