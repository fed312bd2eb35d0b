"""Asking what may be written about: of each patient once, one thought a message, beside their errand, never before it.

Unknown stays no: a question that is passed over permits nothing. For a child a guardian is asked, never about offers.
"""

from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.notice import notice
from flows.dialogs.settings import show_settings_to
from flows.dialogs.states import AskedFrom, ConsentAsked, GuardianAsked, Idle, LookingForWays, SettingsOpen
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Attachment, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event, TextUnderstood
from flows.engine.requests import Asked, FindWays, RecordConsent, RememberAsking
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import consent as say
from flows.messages import welcome as opening
from flows.messages.text import Text
from flows.outreach.ledger import ActedBy
from flows.vocabulary import Purpose

consent = Dialog(name="consent")

QUESTIONS: dict[Purpose, Text] = {
    Purpose.RECALL: say.MayWeRemind(),
    Purpose.POSTVISIT: say.MayWeAskAfter(),
    Purpose.OFFER: say.MayWeOffer(),
}
"""What is asked, in this order."""

WORTH_ASKING = frozenset({Purpose.RECALL, Purpose.POSTVISIT})
"""Nobody is asked about offers alone."""

ASKS = (Idle, ConsentAsked, GuardianAsked)
"""The ends of a rule that asks beside an errand."""


def then_ask(said: Reply, unasked: frozenset[Purpose], context: Context) -> Outcome:
    """Say this, then ask about what the patient was never asked about; where there is nothing of that, rest."""
    left = unasked & context.clinic.asks_for
    if not left & WORTH_ASKING:
        return go(Idle(), said)
    asking = tuple(purpose for purpose in QUESTIONS if purpose in left)
    if not context.patient.minor:
        return ask(ConsentAsked(asking=asking), said, requests=(RememberAsking(),))
    for_child = tuple(purpose for purpose in asking if purpose is not Purpose.OFFER)
    return ask(GuardianAsked(asking=for_child), said, requests=(RememberAsking(),))


def noted(context: Context) -> Reply:
    """Say that it is noted, with the receipt."""
    choices = (buttons.time_or_visit(context), buttons.SETTINGS, buttons.PERSON)
    return Reply(text=say.ConsentNoted(), buttons=choices, attachment=Attachment.RECEIPT)


@consent.on(GuardianAsked, Choice.GUARDIAN, ends=[ConsentAsked, SettingsOpen])
def guardian_answers(state: GuardianAsked, _event: ChoicePressed, context: Context) -> Outcome:
    """Ask the guardian, or show them the settings."""
    if not state.asking:
        return ask(show_settings_to(ActedBy.GUARDIAN, context))
    return ask(ConsentAsked(asking=state.asking, acted_by=ActedBy.GUARDIAN))


@consent.on(GuardianAsked, Choice.MYSELF, ends=[Idle, SettingsOpen])
def child_answers(state: GuardianAsked, _event: ChoicePressed, context: Context) -> Outcome:
    """Leave it to a guardian; a child may see the settings, and refuse."""
    if not state.asking:
        return ask(show_settings_to(ActedBy.SELF, context))
    left = Reply(text=say.GuardianDecides(), buttons=(buttons.time_or_visit(context), buttons.PERSON))
    return go(Idle(), left)


@consent.on(ConsentAsked, Choice.ALLOW, Intent.YES, ends=[ConsentAsked, LookingForWays])
def allow(state: ConsentAsked, _event: Event, context: Context) -> Outcome:
    """Record the yes, and go on."""
    chosen = frozenset(state.asking[:1])
    record = RecordConsent(permitted=chosen, asked=Asked.WITH_NOTICE, acted_by=state.acted_by)
    return _go_on(replace(state, allowed=state.allowed | chosen), record, context)


@consent.on(ConsentAsked, Choice.NO_THANKS, Intent.NO, ends=[ConsentAsked, LookingForWays, Idle])
def refuse(state: ConsentAsked, _event: Event, context: Context) -> Outcome:
    """Record the no, and go on."""
    refused = frozenset(state.asking[:1])
    return _go_on(state, RecordConsent(refused=refused, asked=Asked.WITH_NOTICE, acted_by=state.acted_by), context)


def _go_on(state: ConsentAsked, record: RecordConsent, context: Context) -> Outcome:
    """Ask about the next purpose, then about the way; whoever wants no reminder is not asked about offers."""
    wants_more = Purpose.RECALL in state.allowed | context.patient.permitted
    left = tuple(purpose for purpose in state.asking[1:] if wants_more or purpose is not Purpose.OFFER)
    if left:
        return ask(replace(state, asking=left), requests=(record,))
    if state.allowed:
        looking = LookingForWays(asked_from=AskedFrom.CONSENT, acted_by=state.acted_by)
        return go(looking, requests=(record, FindWays(purposes=state.allowed)))
    return go(Idle(), noted(context), requests=(record,))


@consent.on(ConsentAsked, Choice.WHAT_EXACTLY, ends=[STAY])
def show_notice(state: ConsentAsked, _event: ChoicePressed, context: Context) -> Outcome:
    """Show the notice, and ask again."""
    return ask(state, notice(state.asking[0], context))


@consent.on(ConsentAsked, Intent.LATER, ends=[Idle])
def pass_over(_state: ConsentAsked, _event: TextUnderstood, context: Context) -> Outcome:
    """Leave the question: nothing is permitted, and nobody asks again by themselves."""
    return go(Idle(), Reply(text=opening.WhatCanWeDo(), buttons=buttons.menu(context)))


@consent.question(ConsentAsked)
def ask_for_consent(state: ConsentAsked, context: Context) -> Reply:
    """Ask about one purpose; what the patient came for is one press away."""
    answers = (buttons.YES_PLEASE, buttons.NO_THANKS, buttons.WHAT_EXACTLY)
    ways_out = (buttons.time_or_visit(context), buttons.PERSON)
    return Reply(text=QUESTIONS[state.asking[0]], buttons=(*answers, *ways_out))


@consent.question(GuardianAsked)
def ask_who_answers(_state: State, context: Context) -> Reply:
    """Ask whether a guardian is answering."""
    choices = (buttons.GUARDIAN, buttons.MYSELF, buttons.time_or_visit(context), buttons.PERSON)
    return Reply(text=say.WhoAnswers(), buttons=choices)
