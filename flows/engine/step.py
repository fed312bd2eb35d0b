"""One step of a chat: event in, decision out.

The same chat, event, context and book give the same decision. Danger and the priority of intents are kept here: the
dialogs cannot get in front of them.
"""

from dataclasses import replace

from flows.engine.choices import STANDING
from flows.engine.context import Context
from flows.engine.decision import Decision, Outcome
from flows.engine.dialog import Book, Rule, run
from flows.engine.events import ChoicePressed, Event, NotUnderstood, OldButtonPressed, TextUnderstood
from flows.engine.state import Chat, State
from flows.meaning import Flag, Intent
from flows.vocabulary import Owner, Reach

FIRST_OF_ALL = (
    Intent.URGENT,
    Intent.DECEASED,
    Intent.WRONG_PERSON,
    Intent.STOP,
    Intent.ERASE,
    Intent.HUMAN,
)
"""Intents that no state may read differently, sure or not."""

HEARD_BY_ALL = (Intent.URGENT, Intent.STOP)
"""What the bot reacts to even while staff own the chat."""


def step(book: Book, chat: Chat, event: Event, context: Context) -> Decision:
    """Decide what follows from an event.

    While staff own the chat only an emergency, a crisis and a stop are answered, with nothing but the texts that may
    always be said.
    """
    rule = _safety_rule(book, event)
    if context.owner is Owner.STAFF:
        return _under_staff(chat, event, context, rule)
    if rule is None:
        rule = _rule_for(book, chat, event)
    if rule is not None:
        return _conclude(chat, run(rule, chat.state, event, context), misunderstood=0)
    if isinstance(event, ChoicePressed):
        return _repair(book, chat, OldButtonPressed(), context, misunderstood=chat.misunderstood)
    if isinstance(event, TextUnderstood):
        readings = (event.meaning.intent, *event.meaning.alternatives)
        times = chat.misunderstood + 1
        return _repair(book, chat, NotUnderstood(times=times, readings=readings), context, misunderstood=times)
    return Decision(chat=chat)


def _safety_rule(book: Book, event: Event) -> Rule | None:
    if not isinstance(event, TextUnderstood):
        return None
    meaning = event.meaning
    if meaning.intent is Intent.URGENT:
        return book.find(State, Intent.URGENT)
    flagged = [flag for flag in (Flag.CRISIS, Flag.LEGAL) if flag in meaning.flags]
    if flagged:
        return book.find(State, *flagged)
    if meaning.intent in FIRST_OF_ALL:
        return book.find(State, meaning.intent)
    if Flag.DENIED_URGENT in meaning.flags:
        return book.find(State, Flag.DENIED_URGENT)
    return None


def _under_staff(chat: Chat, event: Event, context: Context, rule: Rule | None) -> Decision:
    if rule is None or rule.trigger not in (*HEARD_BY_ALL, Flag.CRISIS):
        return Decision(chat=chat)
    outcome = run(rule, chat.state, event, context)
    said = tuple(reply for reply in outcome.replies if reply.reach is Reach.ALWAYS)
    return Decision(
        chat=replace(chat, state=outcome.state, asked=chat.asked + 1), replies=said, requests=outcome.requests
    )


def _rule_for(book: Book, chat: Chat, event: Event) -> Rule | None:
    here = type(chat.state)
    match event:
        case ChoicePressed(choice=choice, asked=asked):
            if asked == chat.asked:
                return book.find(here, choice) or book.find(State, choice)
            return book.find(State, choice) if choice in STANDING else None
        case TextUnderstood(meaning=meaning):
            known = (meaning.intent,) if meaning.sure else ()
            return book.find(here, *known, TextUnderstood) or book.find(State, *known)
        case _:
            return book.find(here, type(event)) or book.find(State, type(event))


def _repair(book: Book, chat: Chat, event: Event, context: Context, *, misunderstood: int) -> Decision:
    rule = book.find(type(chat.state), type(event)) or book.find(State, type(event))
    if rule is None:
        return Decision(chat=replace(chat, misunderstood=misunderstood))
    return _conclude(chat, run(rule, chat.state, event, context), misunderstood=misunderstood)


def _conclude(chat: Chat, outcome: Outcome, *, misunderstood: int) -> Decision:
    # A question that is asked again gets a new number too: only its newest buttons are current.
    moved = outcome.state != chat.state or any(reply.buttons for reply in outcome.replies)
    asked = chat.asked + 1 if moved else chat.asked
    return Decision(
        chat=Chat(state=outcome.state, asked=asked, misunderstood=misunderstood),
        replies=outcome.replies,
        requests=outcome.requests,
    )
