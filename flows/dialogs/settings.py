"""What the practice may write about: shown by purpose, switched one by one in the patient's own act."""

from flows.dialogs import buttons
from flows.dialogs.resting import letting_go, rest
from flows.dialogs.states import Idle, SettingsOpen
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import Dialog
from flows.engine.events import ChoicePressed, Event
from flows.engine.requests import RecordConsent
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import buttons as label
from flows.messages import settings as say
from flows.messages.text import Text
from flows.vocabulary import Purpose

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


@settings.on(State, Choice.SETTINGS, ends=[SettingsOpen])
def open_settings(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Show what is permitted."""
    return ask(SettingsOpen(permitted=context.patient.permitted), requests=letting_go(state))


@settings.on(SettingsOpen, Choice.SWITCH, ends=[SettingsOpen])
def switch(state: SettingsOpen, event: ChoicePressed, context: Context) -> Outcome:
    """Permit what was not permitted, refuse what was."""
    chosen = frozenset(PURPOSES[event.argument : event.argument + 1]) & context.clinic.asks_for
    if not chosen:
        return ask(state)
    if chosen <= state.permitted:
        return ask(SettingsOpen(permitted=state.permitted - chosen), requests=(RecordConsent(refused=chosen),))
    return ask(SettingsOpen(permitted=state.permitted | chosen), requests=(RecordConsent(permitted=chosen),))


@settings.on(SettingsOpen, Choice.DONE, Intent.NO, ends=[Idle])
def close_settings(state: SettingsOpen, _event: Event, _context: Context) -> Outcome:
    """Leave the settings as they are shown."""
    return go(rest(state), Reply(text=say.SettingsDone()))


@settings.question(SettingsOpen)
def show_settings(state: SettingsOpen, context: Context) -> Reply:
    """Show each purpose with a switch."""
    switches = tuple(
        Button(
            choice=Choice.SWITCH,
            label=(ON if purpose in state.permitted else OFF)[purpose],
            argument=place,
        )
        for place, purpose in enumerate(PURPOSES)
        if purpose in context.clinic.asks_for
    )
    ways_out = (buttons.PAUSE, buttons.STOP, buttons.DONE, buttons.PERSON)
    return Reply(text=say.SettingsShown(), buttons=(*switches, *ways_out))
