"""What is heard from whoever is not known as from anybody: danger first, law, a mistake, a stop, rights, people, files.

The acts are those of other dialogs; none of them speaks of a patient, or changes one.
"""

from flows.dialogs.answers import attachment, minor, where_we_are
from flows.dialogs.person import (
    WAITS,
    call_a_person,
    come_back,
    come_back_frozen,
    come_back_to_nothing,
    say_who_knows,
)
from flows.dialogs.person import stay_closed as say_nothing_closed
from flows.dialogs.safety import (
    FREEZES,
    cleared,
    crisis,
    data_request,
    deceased,
    denied_emergency,
    emergency,
    legal,
    stay_closed,
    still_closed,
    still_frozen,
    wrong_person,
)
from flows.dialogs.states import Closed, Frozen, Idle, WaitingForStaff
from flows.dialogs.stop import stop_now
from flows.engine.choices import Choice
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import (
    AttachmentReceived,
    ChoicePressed,
    FreezeCleared,
    HandedBack,
    LinkOver,
    OldButtonPressed,
    PhoneNotFound,
    PhoneNotOwn,
    TextUnderstood,
)
from flows.engine.state import State
from flows.meaning import Flag, Intent

strangers = Dialog(name="strangers")

strangers.on(State, Intent.URGENT, ends=FREEZES)(emergency)
strangers.on(State, Flag.CRISIS, ends=FREEZES)(crisis)
strangers.on(State, Flag.LEGAL, ends=FREEZES)(legal)
strangers.on(State, Flag.DENIED_URGENT, ends=[STAY])(denied_emergency)
strangers.on(State, Intent.DECEASED, ends=[Closed])(deceased)
strangers.on(State, Intent.WRONG_PERSON, ends=[Closed])(wrong_person)
strangers.on(State, Intent.STOP, Choice.STOP, ends=[Idle, STAY])(stop_now)
strangers.on(State, Intent.ERASE, ends=[Idle, STAY])(data_request)
strangers.on(State, Intent.HUMAN, Choice.PERSON, ends=WAITS)(call_a_person)
strangers.on(State, Flag.MINOR, ends=[STAY])(minor)
strangers.on(State, AttachmentReceived, ends=[STAY])(attachment)
strangers.on(State, Choice.WHERE, ends=[STAY])(where_we_are)

strangers.on(State, HandedBack, ends=[Idle, STAY])(come_back)
strangers.on(Idle, HandedBack, ends=[Idle])(come_back_to_nothing)
strangers.on(WaitingForStaff, HandedBack, ends=[Idle])(come_back_to_nothing)
strangers.on(Frozen, HandedBack, ends=[STAY])(come_back_frozen)
strangers.on(Closed, HandedBack, ends=[STAY])(say_nothing_closed)
strangers.on(Frozen, FreezeCleared, ends=[Idle])(cleared)
strangers.on(Closed, FreezeCleared, ends=[Idle])(cleared)
strangers.on(
    Closed,
    TextUnderstood,
    ChoicePressed,
    OldButtonPressed,
    AttachmentReceived,
    LinkOver,
    PhoneNotFound,
    PhoneNotOwn,
    ends=[STAY],
)(stay_closed)

strangers.question(WaitingForStaff)(say_who_knows)
strangers.question(Frozen)(still_frozen)
strangers.question(Closed)(still_closed)
