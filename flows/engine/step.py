"""One step of a chat: event in, decision out.

The same chat, event, context and book give the same decision. Danger and the priority of intents are kept here: the
dialogs cannot get in front of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flows.engine.choices import STANDING, Choice
from flows.engine.context import Context
from flows.engine.decision import Decision, Outcome
from flows.engine.dialog import Book, Rule, Trigger, run
from flows.engine.events import ChoicePressed, Event, FreezeCleared, NotUnderstood, OldButtonPressed, TextUnderstood
from flows.engine.state import Chat, Doubt, State
from flows.meaning import Flag, Intent, Meaning
from flows.vocabulary import Owner, Reach

FIRST_OF_ALL = (
    Intent.URGENT,
    Intent.DECEASED,
    Intent.WRONG_PERSON,
    Intent.STOP,
    Intent.ERASE,
    Intent.HUMAN,
)
"""Intents that no state may read differently."""

NEVER_DOUBTED = (Intent.URGENT, Intent.HUMAN)
"""Those of them that are acted upon even when it is not sure: a person in vain costs less than none."""

ALARMS = (Flag.CRISIS, Flag.LEGAL)
"""Flags that come before all intents but an emergency."""

ASIDES = (Flag.ROBOT_QUESTION, Flag.MINOR)
"""Flags that are answered beside whatever else the text says."""

CLAIMS = (Flag.PAIN,)
"""Flags that take a text before its intent does, where the guard of their rule lets it in."""

LITTLE_SAID = (Intent.OTHER, Intent.CHITCHAT, Intent.INFO_QUESTION)
"""Intents that say nothing more when a question about the robot is all there is."""

STOPS = (Choice.STOP, Choice.STOP_VISIT_TOO)
"""Presses that are heard whoever owns the chat."""


def step(book: Book, chat: Chat, event: Event, context: Context) -> Decision:
    """Decide what follows from an event.

    What concerns danger, rights or a stop is done whoever owns the chat, and so is the end of a freeze. While staff own
    it nothing else is, and nothing is said but the texts that may always be said.
    """
    heard = _what_was_meant(chat, event)
    first = _first_of_all(book, heard)
    if context.owner is Owner.STAFF and not isinstance(heard, FreezeCleared):
        return _under_staff(chat, heard, context, first)
    if first:
        main, *others = _run_all([*_beside_a_denial(book, chat, heard, context), *first], chat, heard, context)
        return _conclude(book, chat, heard, context, _joined(main, (main, *others)))
    match heard:
        case TextUnderstood():
            return _answer_text(book, chat, heard, context)
        case ChoicePressed():
            rule = _rule_for_press(book, chat, heard, context) or _rule_for_event(book, chat, OldButtonPressed())
        case _:
            rule = _rule_for_event(book, chat, heard)
    if rule is None:
        return Decision(chat=chat)
    return _conclude(book, chat, heard, context, run(rule, chat.state, heard, context))


def _what_was_meant(chat: Chat, event: Event) -> Event:
    match event:
        case ChoicePressed(choice=Choice.MEANT, argument=argument, asked=asked) if asked == chat.asked and chat.doubt:
            readings = chat.doubt.readings
            if argument >= len(readings):
                return event
            meant = replace(
                chat.doubt.meaning, intent=readings[argument], sure=True, alternatives=(), flags=frozenset()
            )
            return TextUnderstood(text=chat.doubt.text, meaning=meant)
        case _:
            return event


def _first_of_all(book: Book, event: Event) -> list[Rule]:
    """Find everything in the event that comes before all dialogs, the most important first."""
    match event:
        case TextUnderstood(meaning=meaning):
            urgent = meaning.intent is Intent.URGENT
            denied = Flag.DENIED_URGENT in meaning.flags and not urgent
            triggers: list[Trigger] = [Intent.URGENT] if urgent else []
            triggers += [flag for flag in ALARMS if flag in meaning.flags]
            triggers += [meaning.intent] if _comes_first(meaning) and not urgent else []
            triggers += [Flag.DENIED_URGENT] if denied else []
            return _general_rules(book, triggers)
        case ChoicePressed(choice=choice) if choice in STOPS:
            return _general_rules(book, [choice])
        case _:
            return []


def _comes_first(meaning: Meaning) -> bool:
    """Whether the intent is acted upon before all dialogs; what ends or unsettles much is asked back unless sure."""
    return meaning.intent in FIRST_OF_ALL and (meaning.sure or meaning.intent in NEVER_DOUBTED)


def _beside_a_denial(book: Book, chat: Chat, event: Event, context: Context) -> list[Rule]:
    """Find the complaint beside a denied emergency: the fixed text does not send a person who calls."""
    match event:
        case TextUnderstood(meaning=Meaning(intent=Intent.COMPLAINT, sure=True, flags=flags)):
            heard = Flag.DENIED_URGENT in flags and not flags & set(ALARMS)
            caught = _catching(book, chat, event, context) is not None
            return _general_rules(book, [Intent.COMPLAINT]) if heard and not caught else []
        case _:
            return []


def _general_rules(book: Book, triggers: Iterable[Trigger]) -> list[Rule]:
    found = (book.find(State, trigger) for trigger in triggers)
    return [rule for rule in found if rule is not None]


def _run_all(rules: Iterable[Rule], chat: Chat, event: Event, context: Context) -> list[Outcome]:
    return [run(rule, chat.state, event, context) for rule in rules]


def _joined(main: Outcome, outcomes: Sequence[Outcome]) -> Outcome:
    """Say and do what all of them want, in order, each thing once; the main one decides where the chat goes on."""
    replies = (reply for outcome in outcomes for reply in outcome.replies)
    requests = (request for outcome in outcomes for request in outcome.requests)
    return replace(main, replies=tuple(dict.fromkeys(replies)), requests=tuple(dict.fromkeys(requests)))


def _under_staff(chat: Chat, event: Event, context: Context, first: Sequence[Rule]) -> Decision:
    # Whoever asks for a person has one already.
    heard = [rule for rule in first if rule.trigger is not Intent.HUMAN]
    if not heard:
        return Decision(chat=chat)
    main, *others = _run_all(heard, chat, event, context)
    outcome = _joined(main, (main, *others))
    return Decision(
        chat=_gone_on(chat, outcome.state, chat.asked + 1),
        replies=tuple(reply for reply in outcome.replies if reply.reach is Reach.ALWAYS),
        requests=outcome.requests,
    )


def _answer_text(book: Book, chat: Chat, event: TextUnderstood, context: Context) -> Decision:
    asides = _general_rules(book, (flag for flag in ASIDES if flag in event.meaning.flags))
    rule = _rule_for_text(book, chat, event, context)
    if Flag.ROBOT_QUESTION in event.meaning.flags and (rule is None or event.meaning.intent in LITTLE_SAID):
        # The text asks this and no more: it is answered, and the open question asked again.
        main, *others = _run_all(asides, chat, event, context)
        return _conclude(book, chat, event, context, _joined(main, (main, *others)))
    beside = _run_all(asides, chat, event, context)
    if rule is not None:
        main = run(rule, chat.state, event, context)
        return _conclude(book, chat, event, context, _joined(main, (*beside, main)))
    return _not_understood(book, chat, event, context, beside)


def _not_understood(
    book: Book, chat: Chat, event: TextUnderstood, context: Context, beside: Sequence[Outcome]
) -> Decision:
    times = chat.misunderstood + 1
    doubt = Doubt(text=event.text, meaning=event.meaning)
    failed = NotUnderstood(times=times, readings=doubt.readings, question=book.ask_again(chat.state, context))
    rule = _rule_for_event(book, chat, failed)
    if rule is None:
        return Decision(chat=replace(chat, misunderstood=times))
    main = run(rule, chat.state, failed, context)
    decision = _conclude(book, chat, event, context, _joined(main, (*beside, main)))
    offers_readings = any(button.choice is Choice.MEANT for reply in decision.replies for button in reply.buttons)
    if not offers_readings:
        return replace(decision, chat=replace(decision.chat, misunderstood=times))
    return replace(decision, chat=replace(decision.chat, asked=chat.asked + 1, misunderstood=times, doubt=doubt))


def _rule_for_text(book: Book, chat: Chat, event: TextUnderstood, context: Context) -> Rule | None:
    here = type(chat.state)
    catching = _catching(book, chat, event, context)
    if catching is not None:
        return catching
    claims = _general_rules(book, (flag for flag in CLAIMS if flag in event.meaning.flags))
    claiming = next((rule for rule in claims if _admits(rule, chat, event, context)), None)
    if claiming is not None:
        return claiming
    known = (event.meaning.intent,) if event.meaning.sure else ()
    return book.find(here, *known) or book.find(State, *known)


def _rule_for_press(book: Book, chat: Chat, event: ChoicePressed, context: Context) -> Rule | None:
    current = event.asked == chat.asked
    here = book.find(type(chat.state), event.choice) if current else None
    general = book.find(State, event.choice) if current or event.choice in STANDING else None
    return here or _catching(book, chat, event, context) or general


def _rule_for_event(book: Book, chat: Chat, event: Event) -> Rule | None:
    return book.find(type(chat.state), type(event)) or book.find(State, type(event))


def _catching(book: Book, chat: Chat, event: Event, context: Context) -> Rule | None:
    """Find this state's own rule for any text or any press, if its guard lets the event in."""
    rule = book.find(type(chat.state), type(event))
    return rule if rule is not None and _admits(rule, chat, event, context) else None


def _admits(rule: Rule, chat: Chat, event: Event, context: Context) -> bool:
    return rule.when is None or rule.when(chat.state, event, context)


def _conclude(book: Book, chat: Chat, event: Event, context: Context, outcome: Outcome) -> Decision:
    replies = outcome.replies
    if outcome.asks:
        stayed = outcome.state == chat.state
        question = book.ask_again(outcome.state, context) if stayed else book.ask(outcome.state, context)
        replies = replies if question is None else (*replies, question)
    # After a press, even the same question gets a new number, so that pressing twice has its effect once. After words
    # it keeps the old one: what lies on the table is the same, and so is what its older buttons mean.
    pressed = isinstance(event, ChoicePressed) and any(reply.buttons for reply in replies)
    asked = chat.asked + 1 if pressed or outcome.state != chat.state else chat.asked
    return Decision(chat=_gone_on(chat, outcome.state, asked), replies=replies, requests=outcome.requests)


def _gone_on(chat: Chat, state: State, asked: int) -> Chat:
    """The chat at another point: what was not understood is over, what they were told and offered is not."""
    return Chat(state=state, asked=asked, offered=chat.offered, told_back_at=chat.told_back_at)
