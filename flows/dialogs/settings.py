"""What the practice may write about, how and how often: shown, and switched one by one in the patient's own act.

For a child a guardian decides; the child may refuse, and see what is allowed.
"""

from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.notice import NOTICES, notice
from flows.dialogs.resting import letting_go, rest
from flows.dialogs.states import AskedFrom, GuardianAsked, Idle, LookingForWays, RhythmAsked, SettingsOpen
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Attachment, Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event
from flows.engine.requests import Asked, FindWays, RecordConsent, RememberAsking
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import buttons as label
from flows.messages import consent as say_of_consent
from flows.messages import settings as say
from flows.messages.text import Text
from flows.outreach.ledger import ActedBy
from flows.vocabulary import Channel, Purpose

settings = Dialog(name="settings")

PURPOSES = (Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER, Purpose.APPOINTMENT)
"""The purposes in the order of their switches; the place of one is what its button carries."""

ON: dict[Purpose, Text] = {
    Purpose.RECALL: label.ButtonRecallOn(),
    Purpose.POSTVISIT: label.ButtonPostvisitOn(),
    Purpose.OFFER: label.ButtonOfferOn(),
    Purpose.APPOINTMENT: label.ButtonAppointmentOn(),
}
OFF: dict[Purpose, Text] = {
    Purpose.RECALL: label.ButtonRecallOff(),
    Purpose.POSTVISIT: label.ButtonPostvisitOff(),
    Purpose.OFFER: label.ButtonOfferOff(),
    Purpose.APPOINTMENT: label.ButtonAppointmentOff(),
}
HOW: dict[Channel | None, Text] = {
    None: label.ButtonHowChat(),
    Channel.WEBCHAT: label.ButtonHowChat(),
    Channel.TELEGRAM: label.ButtonHowChat(),
    Channel.EMAIL: label.ButtonHowEmail(),
    Channel.LETTER: label.ButtonHowLetter(),
    Channel.PHONE: label.ButtonHowPhone(),
}
TWICE_A_YEAR = 6
"""Months between two messages, for whoever wants two a year at most."""


def how_often(rhythm_months: int | None) -> Text:
    """Tell how often somebody may be written to at most."""
    if rhythm_months is None:
        return label.ButtonOftenDue()
    return label.ButtonOftenTwice() if rhythm_months <= TWICE_A_YEAR else label.ButtonOftenOnce()


def show_settings_to(acted_by: ActedBy, context: Context) -> SettingsOpen:
    """Give the settings as they are now, for whoever decides."""
    patient = context.patient
    return SettingsOpen(
        permitted=patient.permitted,
        acted_by=acted_by,
        preferred_channel=patient.preferred_channel,
        rhythm_months=patient.rhythm_months,
    )


def open_for(state: State, context: Context) -> Outcome:
    """Open the settings; of a child's, ask first who is answering. Whoever saw them need not be asked any more."""
    seen = (RememberAsking(),) if context.patient.unasked else ()
    asked = GuardianAsked() if context.patient.minor else show_settings_to(ActedBy.SELF, context)
    return ask(asked, requests=(*letting_go(state), *seen))


@settings.on(State, Choice.SETTINGS, ends=[SettingsOpen, GuardianAsked])
def open_settings(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Show what is permitted, how and how often."""
    return open_for(state, context)


@settings.on(SettingsOpen, Choice.SWITCH, ends=[SettingsOpen])
def switch(state: SettingsOpen, event: ChoicePressed, context: Context) -> Outcome:
    """Permit what was not permitted, refuse what was; a child cannot permit."""
    chosen = frozenset(PURPOSES[event.argument : event.argument + 1]) & context.clinic.asks_for
    if not chosen:
        return ask(state)
    if chosen <= state.permitted:
        refused = RecordConsent(refused=chosen, asked=Asked.WITH_NOTICE, acted_by=state.acted_by)
        return ask(replace(state, permitted=state.permitted - chosen), requests=(refused,))
    if context.patient.minor and state.acted_by is not ActedBy.GUARDIAN:
        return ask(state, Reply(text=say_of_consent.GuardianDecides()))
    permitted = RecordConsent(permitted=chosen, asked=Asked.WITH_NOTICE, acted_by=state.acted_by)
    return ask(replace(state, permitted=state.permitted | chosen), requests=(permitted,))


@settings.on(SettingsOpen, Choice.WHAT_EXACTLY, ends=[STAY])
def show_notices(state: SettingsOpen, _event: ChoicePressed, context: Context) -> Outcome:
    """Show what exactly each switch is about."""
    shown = (notice(purpose, context) for purpose in PURPOSES if purpose in context.clinic.asks_for & NOTICES.keys())
    return ask(state, *shown)


@settings.on(SettingsOpen, Choice.HOW, ends=[LookingForWays])
def change_way(state: SettingsOpen, _event: ChoicePressed, context: Context) -> Outcome:
    """Ask for the way."""
    looking = LookingForWays(asked_from=AskedFrom.SETTINGS, acted_by=state.acted_by)
    return go(looking, requests=(FindWays(purposes=state.permitted or context.clinic.asks_for),))


@settings.on(SettingsOpen, Choice.HOW_OFTEN, ends=[RhythmAsked])
def change_rhythm(state: SettingsOpen, _event: ChoicePressed, _context: Context) -> Outcome:
    """Ask how often at most."""
    return ask(RhythmAsked(asked_from=AskedFrom.SETTINGS, acted_by=state.acted_by))


@settings.on(SettingsOpen, Choice.RECEIPT, ends=[STAY])
def give_receipt(state: SettingsOpen, _event: ChoicePressed, _context: Context) -> Outcome:
    """Give a copy of what was allowed and refused."""
    return ask(state, Reply(text=say.SettingsReceipt(), attachment=Attachment.RECEIPT))


@settings.on(SettingsOpen, Choice.DONE, Intent.NO, ends=[Idle])
def close_settings(state: SettingsOpen, _event: Event, _context: Context) -> Outcome:
    """Leave the settings as they are shown."""
    return go(rest(state), Reply(text=say.SettingsDone()))


@settings.question(SettingsOpen)
def show_settings(state: SettingsOpen, context: Context) -> Reply:
    """Show each purpose with a switch, and how and how often."""
    switches = tuple(
        Button(
            choice=Choice.SWITCH,
            label=(ON if purpose in state.permitted else OFF)[purpose],
            argument=place,
        )
        for place, purpose in enumerate(PURPOSES)
        if purpose in context.clinic.asks_for
    )
    how = Button(choice=Choice.HOW, label=HOW[state.preferred_channel])
    often = Button(choice=Choice.HOW_OFTEN, label=how_often(state.rhythm_months))
    more = (how, often, buttons.WHAT_EXACTLY, buttons.RECEIPT)
    ways_out = (buttons.PAUSE, buttons.STOP, buttons.DONE, buttons.PERSON)
    return Reply(text=say.SettingsShown(), buttons=(*switches, *more, *ways_out))
