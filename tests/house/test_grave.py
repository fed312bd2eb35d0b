"""What breaks any talk, in each language, in the middle of a booking: the fixed text, a ticket with a deadline, a rest.

Each is its own ticket, so that staff see at once what it is about; nothing of the programme goes out meanwhile.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.services.tickets import NOW_MINUTES
from flows.vocabulary import Language, TicketReason, Urgency
from tests.house.acts import EVENING, comes, days_pass, proactive, said
from tests.house.phrases import EMERGENCY
from tests.house.records import Records
from tests.world import World

BOOK = {
    Language.EN: "look for a time please",
    Language.FR: "je voudrais un rendez-vous",
    Language.NL: "ik wil graag een afspraak",
    Language.RU: "хочу записаться на приём",
}


@dataclass(frozen=True, kw_only=True)
class Grave:
    """What is said, what the house answers, how soon a person must look, and whether the programme rests."""

    reason: TicketReason
    text: str
    urgency: Urgency
    frozen: bool
    words: dict[Language, str]


GRAVE = (
    Grave(
        reason=TicketReason.EMERGENCY, text="safety.emergency", urgency=Urgency.NOW, frozen=True, words=dict(EMERGENCY)
    ),
    Grave(
        reason=TicketReason.CRISIS,
        text="safety.crisis",
        urgency=Urgency.NOW,
        frozen=True,
        words={
            Language.EN: "I want to kill myself",
            Language.FR: "j'ai envie de me suicider",
            Language.NL: "ik wil zelfmoord plegen",
            Language.RU: "я хочу покончить с собой",
        },
    ),
    Grave(
        reason=TicketReason.LEGAL,
        text="safety.legal",
        urgency=Urgency.TODAY,
        frozen=True,
        words={
            Language.EN: "you will hear from my lawyer",
            Language.FR: "vous aurez des nouvelles de mon avocat",
            Language.NL: "u hoort van mijn advocaat",
            Language.RU: "я подам на вас в суд",
        },
    ),
    Grave(
        reason=TicketReason.DATA_REQUEST,
        text="safety.data_request",
        urgency=Urgency.TODAY,
        frozen=False,
        words={
            Language.EN: "delete all my data",
            Language.FR: "supprimez toutes mes données",
            Language.NL: "verwijder al mijn gegevens",
            Language.RU: "удалите все мои данные",
        },
    ),
    Grave(
        reason=TicketReason.WRONG_PERSON,
        text="safety.wrong_person",
        urgency=Urgency.TODAY,
        frozen=True,
        words={
            Language.EN: "you have the wrong person",
            Language.FR: "vous vous trompez de personne",
            Language.NL: "u heeft de verkeerde persoon",
            Language.RU: "вы ошиблись номером",
        },
    ),
    Grave(
        reason=TicketReason.DECEASED,
        text="safety.condolence",
        urgency=Urgency.TODAY,
        frozen=True,
        words={
            Language.EN: "she passed away last month",
            Language.FR: "elle est décédée le mois dernier",
            Language.NL: "zij is vorige maand overleden",
            Language.RU: "она умерла в прошлом месяце",
        },
    ),
)
EACH = pytest.mark.parametrize("grave", GRAVE, ids=lambda grave: grave.reason.value)


@EACH
@pytest.mark.parametrize("language", Language)
async def test_it_breaks_a_booking_says_the_fixed_text_and_opens_its_own_ticket(
    world: World, records: Records, grave: Grave, language: Language
) -> None:
    patient_id, talk = world.add_patient(language=language)
    await world.writes(talk, BOOK[language])
    assert records.of("hold", conversation_id=talk)
    await world.writes(talk, grave.words[language])
    assert [key for key, _ in said(records, talk)][-1] == grave.text
    tickets = records.of("ticket", conversation_id=talk)
    assert [(row["reason"], row["urgency"], row["status"]) for row in tickets] == [
        (grave.reason, grave.urgency, "open")
    ]
    assert records.of("hold", conversation_id=talk) == []
    assert bool(records.of("patient", id=patient_id)[0]["frozen"]) is grave.frozen


@EACH
async def test_a_person_must_have_looked_by_then(world: World, grave: Grave) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.writes(talk, grave.words[Language.EN])
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    (ticket,) = view.tickets
    open_for = NOW_MINUTES if grave.urgency is Urgency.NOW else timedelta(hours=2)
    assert ticket.due_at - ticket.opened_at == open_for
    world.clock.move_to(ticket.due_at)
    rows = await world.house.desk.conversations(staff)
    assert (rows[0].conversation_id, rows[0].overdue) == (talk, True)
    assert rows[0].alarm is (grave.urgency is Urgency.NOW)


@pytest.mark.parametrize("grave", [each for each in GRAVE if each.frozen], ids=lambda grave: grave.reason.value)
async def test_nothing_of_the_programme_goes_out_afterwards(world: World, records: Records, grave: Grave) -> None:
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    assert proactive(records, talk) != []
    await world.writes(talk, grave.words[Language.EN])
    await comes(world, EVENING)
    await days_pass(world, 3)
    assert [status for _, status, _ in proactive(records, talk)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "I am 14 years old and need an appointment"),
        (Language.FR, "j'ai 14 ans et je voudrais un rendez-vous"),
        (Language.NL, "ik ben 14 jaar en wil graag een afspraak"),
        (Language.RU, "мне 14 лет, хочу записаться на приём"),
    ],
)
async def test_somebody_under_age_is_answered_told_who_decides_and_made_known_to_staff(
    world: World, records: Records, language: Language, words: str
) -> None:
    patient_id, talk = world.add_patient(language=language)
    await world.writes(talk, words)
    assert [key for key, _ in said(records, talk)] == ["safety.minor", "times.two"]
    assert [(row["reason"], row["urgency"]) for row in records.of("ticket")] == [("minor", "today")]
    assert not records.of("patient", id=patient_id)[0]["frozen"]
