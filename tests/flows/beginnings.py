"""How most chats begin in a test: an invitation whose times the patient looks at, or a visit that is booked."""

from flows.dialogs.outreach_texts import invitation
from flows.engine.choices import Choice
from flows.engine.events import ChatOpened, ChoicePressed, InvitationSent
from flows.messages import times
from flows.slots import Slot
from flows.vocabulary import Purpose
from tests.flows.house import FREE, THURSDAY_EVENING, TUESDAY_MORNING, House, booked

OUTREACH = frozenset({Purpose.RECALL, Purpose.OFFER})
OFFERS = (TUESDAY_MORNING, THURSDAY_EVENING)


def invite(house: House, *offers: Slot, step_number: int = 1) -> House:
    """Let an invitation come, with two times unless others are named."""
    offers = offers or OFFERS
    assert house.hears(InvitationSent(offers=offers, step_number=step_number)) == []
    house.on_the_table = invitation(step_number, offers, house.context).buttons
    return house


def offered(house: House) -> House:
    """Let an invited patient open the chat and look at the times."""
    house.hears(ChatOpened())
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.TwoTimes]
    return house


def offered_one(**world: object) -> House:
    """Let an invitation come with one time, in a house where `world` holds."""
    house = House()
    for name, value in world.items():
        setattr(house, name, value)
    house.hears(InvitationSent(offers=(TUESDAY_MORNING,)))
    house.on_the_table = invitation(1, (TUESDAY_MORNING,), house.context).buttons
    return house


def with_visit() -> House:
    """Have a visit booked, and messages permitted."""
    return House(visit=booked(FREE[2]), permitted=OUTREACH)


def press(house: House, choice: Choice) -> list[type]:
    """Press a button of the question that was asked last, shown or not."""
    return list(house.hears(ChoicePressed(choice=choice, argument=0, asked=house.chat.asked)))
