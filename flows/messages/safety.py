"""The fixed texts for danger, law and death: level 0, no question, no advice beyond whom to call."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class Emergency(Text, key="safety.emergency"):
    """Said the moment anything sounds like an emergency.

    This is an automatic line and cannot assess. Call {emergency} now, one sign a line: trouble breathing or
    swallowing; swelling that spreads or closes an eye; bleeding that does not stop; a blow to the head with faint,
    vomiting or double vision; an injured face or jaw. Otherwise, and at once for a knocked-out tooth, where the
    first hour counts: {phone}, or {out_of_hours} when closed. Our team has been told. No question, no advice on
    medicines, no first aid.
    """


@dataclass(frozen=True, kw_only=True)
class Crisis(Text, key="safety.crisis"):
    """Said when somebody writes of suicide or violence.

    Kind and short: you are not alone with this; people are there to listen right now at {crisis_line}; in danger
    call {emergency}. Someone from the practice has been told.
    """


@dataclass(frozen=True, kw_only=True)
class LegalNoted(Text, key="safety.legal"):
    """The writer threatens with a lawyer or a complaint to an authority.

    One neutral line: it has been passed to the management of the practice, who will be in touch. No apology, no
    defence, no question.
    """


@dataclass(frozen=True, kw_only=True)
class DataRequestNoted(Text, key="safety.data_request"):
    """The patient wants to see or to have erased what we hold.

    Received; someone from the practice will be in touch to make sure it is really them, and within the time the law
    sets. No data in the chat.
    """


@dataclass(frozen=True, kw_only=True)
class MinorNoted(Text, key="safety.minor"):
    """The writer seems to be under age. Said beside the answer to what they wrote; it may be a mistake of ours.

    Thanks for saying so; for anyone under age a parent or guardian decides with us about visits and messages; our team
    has been told and will be in touch. Nothing about whether the writer is. No question.
    """


@dataclass(frozen=True, kw_only=True)
class WrongPersonSorry(Text, key="safety.wrong_person"):
    """The writer is not our patient. Sorry for the disturbance; we will not write here any more; the team will check.

    Never a name.
    """


@dataclass(frozen=True, kw_only=True)
class Condolence(Text, key="safety.condolence"):
    """Somebody tells us that the patient has died.

    One sincere sentence; we send nothing more; the team has been told.
    """


@dataclass(frozen=True, kw_only=True)
class StillWithTeam(Text, key="safety.still_with_team"):
    """After an emergency, complaint or alike, while nobody has cleared it: your message is with the team.

    Call {phone}, or {out_of_hours} when closed, if it cannot wait; {emergency} in danger. Buttons to find a time or a
    person may follow.
    """


@dataclass(frozen=True, kw_only=True)
class LineClosed(Text, key="safety.line_closed"):
    """Answer to whatever else is written after "wrong person" or a death: it is with the team, who reads here; {phone}.

    Neutral: no name, nothing about any patient.
    """
