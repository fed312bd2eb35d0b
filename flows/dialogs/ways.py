"""How and how often the practice may write: asked after a yes, and from the settings.

Only ways are offered that are on file, sure, and accepted by the rules; a rhythm only ever means fewer messages.
"""

from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.consent import noted
from flows.dialogs.settings import show_settings_to
from flows.dialogs.states import AskedFrom, Idle, LookingForWays, RhythmAsked, SettingsOpen, WayAsked
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, WaysFound
from flows.engine.requests import ChooseRhythm, ChooseWay
from flows.messages import buttons as label
from flows.messages import consent as say
from flows.messages.text import Text
from flows.vocabulary import Channel

ways = Dialog(name="ways")

WAYS: dict[Channel, Text] = {
    Channel.WEBCHAT: label.ButtonThisChat(),
    Channel.TELEGRAM: label.ButtonThisChat(),
    Channel.EMAIL: label.ButtonByEmail(),
    Channel.LETTER: label.ButtonByLetter(),
    Channel.PHONE: label.ButtonByPhone(),
}
RHYTHMS: dict[int, Text] = {0: label.ButtonAsDue(), 6: label.ButtonTwiceAYear(), 12: label.ButtonOnceAYear()}
"""Months between two messages at least, as their buttons carry them; none: as the policy has it."""


@ways.on(LookingForWays, WaysFound, ends=[WayAsked, RhythmAsked])
def ask_which_way(state: LookingForWays, event: WaysFound, _context: Context) -> Outcome:
    """Ask for the way where there is a choice; from the settings, show even the only one."""
    if len(event.ways) > 1 or state.asked_from is AskedFrom.SETTINGS:
        return ask(WayAsked(ways=event.ways, asked_from=state.asked_from, acted_by=state.acted_by))
    return ask(RhythmAsked(asked_from=state.asked_from, acted_by=state.acted_by))


@ways.on(WayAsked, Choice.WAY, ends=[RhythmAsked, SettingsOpen, STAY])
def choose_way(state: WayAsked, event: ChoicePressed, context: Context) -> Outcome:
    """Remember the way."""
    if event.argument >= len(state.ways):
        return ask(state)
    chosen = ChooseWay(channel=state.ways[event.argument])
    if state.asked_from is AskedFrom.CONSENT:
        return ask(RhythmAsked(asked_from=state.asked_from, acted_by=state.acted_by), requests=(chosen,))
    shown = replace(show_settings_to(state.acted_by, context), preferred_channel=chosen.channel)
    return ask(shown, requests=(chosen,))


@ways.on(RhythmAsked, Choice.RHYTHM, ends=[Idle, SettingsOpen, STAY])
def choose_rhythm(state: RhythmAsked, event: ChoicePressed, context: Context) -> Outcome:
    """Remember how often at most; asked after a yes, that was the last question."""
    if event.argument not in RHYTHMS:
        return ask(state)
    months = event.argument or None
    chosen = ChooseRhythm(months=months)
    if state.asked_from is AskedFrom.CONSENT:
        return go(Idle(), noted(context), requests=(chosen,))
    shown = replace(show_settings_to(state.acted_by, context), rhythm_months=months)
    return ask(shown, requests=(chosen,))


@ways.question(WayAsked)
def ask_how(state: WayAsked, _context: Context) -> Reply:
    """Ask for the way."""
    choices = tuple(Button(choice=Choice.WAY, label=WAYS[way], argument=place) for place, way in enumerate(state.ways))
    return Reply(text=say.HowMayWeWrite(), buttons=(*choices, buttons.PERSON))


@ways.question(RhythmAsked)
def ask_how_often(_state: RhythmAsked, _context: Context) -> Reply:
    """Ask how often at most."""
    choices = tuple(Button(choice=Choice.RHYTHM, label=text, argument=months) for months, text in RHYTHMS.items())
    return Reply(text=say.HowOften(), buttons=(*choices, buttons.PERSON))
