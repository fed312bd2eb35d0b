"""A dialog as a table of rules: in this state, on this, do that, and end in one of those states.

The declared ends are the truth the diagrams are drawn from; a rule that ends elsewhere is refused when it runs.
STAY among them means: just where it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Outcome, Reply
from flows.engine.events import Event
from flows.engine.state import State
from flows.meaning import Flag, Intent

Trigger: TypeAlias = Choice | Intent | Flag | type[Any]
"""A press, an understood intent, a flag, or a kind of event (TextUnderstood itself: any text)."""

ActT = TypeVar("ActT", bound=Callable[..., Outcome])
QuestionT = TypeVar("QuestionT", bound=Callable[..., Reply])
Act: TypeAlias = Callable[[Any, Any, Context], Outcome]
Question: TypeAlias = Callable[[Any, Context], Reply]
Guard: TypeAlias = Callable[[Any, Any, Context], bool]


class Stay(State):
    """Marks, among the ends of a rule, that the state does not change; it is never a state itself."""


STAY: type[State] = Stay


class DialogError(RuntimeError):
    """The dialogs contradict themselves; found when they are put together or by the tests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of the table. A rule for `State` itself holds in every state, a guarded one where `when` is true."""

    state: type[State]
    trigger: Trigger
    ends: tuple[type[State], ...]
    act: Act
    when: Guard | None = None


@dataclass(kw_only=True, slots=True)
class Dialog:
    """A named table of rules, and the question each of its states asks."""

    name: str
    rules: list[Rule] = field(default_factory=list)
    questions: dict[type[State], Question] = field(default_factory=dict)
    reminders: dict[type[State], Question] = field(default_factory=dict)

    def on(
        self, state: type[State], *triggers: Trigger, ends: Iterable[type[State]], when: Guard | None = None
    ) -> Callable[[ActT], ActT]:
        """Declare what happens in a state on any of the triggers, and in which states that can end.

        `when` narrows a rule for any text, any press (TextUnderstood, ChoicePressed) or a flag that claims texts
        to those it is true of.
        """

        def declare(act: ActT) -> ActT:
            declared = tuple(ends)
            self.rules.extend(
                Rule(state=state, trigger=trigger, ends=declared, act=act, when=when) for trigger in triggers
            )
            return act

        return declare

    def question(self, *states: type[State]) -> Callable[[QuestionT], QuestionT]:
        """Declare how these states ask their question: the first time, and again where nothing else is declared."""
        return _declaring(self.questions, states)

    def question_again(self, *states: type[State]) -> Callable[[QuestionT], QuestionT]:
        """Declare how these states ask again after something else was said, where the first words would be too many."""
        return _declaring(self.reminders, states)


def _declaring(where: dict[type[State], Question], states: tuple[type[State], ...]) -> Callable[[QuestionT], QuestionT]:
    def declare(ask: QuestionT) -> QuestionT:
        where.update(dict.fromkeys(states, ask))
        return ask

    return declare


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """All dialogs together, ready for look-up."""

    dialogs: tuple[Dialog, ...]
    rules: dict[tuple[type[State], type[Any], Trigger], Rule]
    questions: dict[type[State], Question]
    reminders: dict[type[State], Question]

    @classmethod
    def bind(cls, *dialogs: Dialog) -> "Book":
        """Put dialogs together. Raises DialogError where two rules claim the same state and trigger."""
        rules: dict[tuple[type[State], type[Any], Trigger], Rule] = {}
        questions: dict[type[State], Question] = {}
        reminders: dict[type[State], Question] = {}
        for dialog in dialogs:
            for rule in dialog.rules:
                if rules.setdefault(_key(rule.state, rule.trigger), rule) is not rule:
                    message = f"{dialog.name}: {rule.state.__name__} on {rule.trigger} is declared twice"
                    raise DialogError(message)
            for known, declared in ((questions, dialog.questions), (reminders, dialog.reminders)):
                for state, ask in declared.items():
                    if known.setdefault(state, ask) is not ask:
                        message = f"{dialog.name}: {state.__name__} asks in two ways"
                        raise DialogError(message)
        return cls(dialogs=dialogs, rules=rules, questions=questions, reminders=reminders)

    def find(self, state: type[State], *triggers: Trigger) -> Rule | None:
        """Find the first rule for a trigger in this very state."""
        for trigger in triggers:
            if (rule := self.rules.get(_key(state, trigger))) is not None:
                return rule
        return None

    def ask(self, state: State, context: Context) -> Reply | None:
        """Word the open question of a state for the first time; None where it asks nothing."""
        question = self.questions.get(type(state))
        return question(state, context) if question else None

    def ask_again(self, state: State, context: Context) -> Reply | None:
        """Word the open question of a state once more; None where it asks nothing."""
        reminder = self.reminders.get(type(state))
        return reminder(state, context) if reminder else self.ask(state, context)


def _key(state: type[State], trigger: Trigger) -> tuple[type[State], type[Any], Trigger]:
    # Members of two string enums with one value are equal; their classes keep a press and an intent apart.
    return (state, type(trigger), trigger)


def run(rule: Rule, state: State, event: Event, context: Context) -> Outcome:
    """Run a rule and hold it to its declared ends. Raises DialogError when it ends elsewhere."""
    outcome = rule.act(state, event, context)
    stayed = STAY in rule.ends and outcome.state == state
    if not stayed and type(outcome.state) not in rule.ends:
        message = f"{rule.state.__name__} on {rule.trigger} ended in undeclared {type(outcome.state).__name__}"
        raise DialogError(message)
    return outcome
