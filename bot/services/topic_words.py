"""Words what stands in a topic: its title, the card with its buttons, lines of the talk.

Invariants: what stands in the chart stays on the web desk, to which the card leads: a group is no place for it; all is
in the clinic's language and within the messenger's limits; what does not fit is cut.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.services.topic_payloads import TopicAct, TopicPayload
from bot.services.topic_ports import TopicButton, TopicMessage, TopicState
from bot.services.topic_sight import Sight
from bot.services.views import Line, LineState, PatientCard, TicketView, VisitView, Voice
from bot.wording.page_text import PageText
from flows.ids import TopicId
from flows.slots import Slot
from flows.vocabulary import PatientStatus, Urgency

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_NAME = 80
NOTES_SHOWN = 3
TIMES_IN_A_ROW = 2
DOUBTFUL = frozenset({LineState.UNKNOWN, LineState.FAILED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """What shows how a topic stands, without opening it."""

    title: str
    state: TopicState

    @property
    def mark(self) -> str:
        """All of it, to be compared."""
        return f"{self.state.value}:{self.title}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """What a card offers beside its usual buttons. times: free times, None while nobody asks for them."""

    topic_id: TopicId
    times: tuple[Slot, ...] | None
    uncertain: bool


class TopicWords:
    """The words of topics, at one time."""

    def __init__(self, text: PageText, public_url: str) -> None:
        """Take the page texts of the clinic's language. public_url: of the web desk."""
        self._text = text
        self._public_url = public_url.rstrip("/")

    def say(self, key: str, **values: str) -> str:
        """Say one of the desk's texts."""
        return self._text(key, **values)

    def moment(self, instant: datetime) -> str:
        """Show a day and time (aware UTC), in the clinic's zone."""
        return self._text.show(instant, "short")

    def face(self, sight: Sight) -> Face:
        """The title and icon of a topic."""
        name, holder = cut(sight.card.name, LONGEST_NAME), sight.holder
        if sight.state in {TopicState.TAKEN, TopicState.ANSWERED} and holder is not None:
            title = self._text(f"topic.title.{sight.state.value}", name=name, holder=cut(holder, 20))
        elif sight.state in {TopicState.TAKEN, TopicState.ANSWERED}:
            title = self._text("topic.title.staff", name=name)
        else:
            title = self._text(f"topic.title.{sight.state.value}", name=name)
        return Face(title=title, state=sight.state)

    def card(self, sight: Sight, offered: Offered) -> TopicMessage:
        """The card of a topic, its first message."""
        parts = (
            self._head(sight),
            self._facts(sight.card),
            self._rights(sight.card),
            self._notes(sight),
            self._foot(sight, offered),
        )
        text = "\n\n".join("\n".join(lines) for lines in (tuple(part) for part in parts) if lines)
        return TopicMessage(text=cut(text, LONGEST_TEXT), rows=tuple(self._rows(sight, offered)))

    def line(self, line: Line, name: str) -> str:
        """A line of the talk. name: the patient's."""
        who = {
            Voice.PATIENT: self._text("desk.voice.patient", name=name),
            Voice.BOT: self._text("desk.voice.bot"),
            Voice.STAFF: line.speaker or self._text("desk.voice.team"),
        }[line.voice]
        text = line.text or ("" if line.sent or line.file_name else self._text("desk.line.no_words"))
        said = " ".join(part for part in (text, *self._beside(line)) if part)
        return self._text("topic.line", time=self._text.show(line.at, "short"), who=who, text=said)

    def _beside(self, line: Line) -> Iterator[str]:
        if line.sent is not None:
            yield f"[{line.file_name or self._text(f'desk.line.sent.{line.sent.value}')}]"
        elif line.file_name:
            yield f"[{line.file_name}]"
        if line.edited:
            yield f"({self._text('desk.line.edited')})"
        if line.state in DOUBTFUL:
            yield f"({self._text(f'desk.line.{line.state.value}')})"

    def _head(self, sight: Sight) -> Iterator[str]:
        yield sight.card.name
        yield from (self._ticket(ticket) for ticket in sight.tickets)
        yield self._status(sight)
        if sight.card.frozen:
            yield self._text("desk.status.frozen")

    def _ticket(self, ticket: TicketView) -> str:
        due = "desk.ticket.overdue" if ticket.overdue else "desk.ticket.due"
        parts = [
            self._text(f"desk.reason.{ticket.reason.value}"),
            *self._urgency(ticket),
            self._text(due, time=self._text.show(ticket.due_at, "short")),
        ]
        if ticket.holder:
            parts.append(self._text("desk.ticket.holder", name=ticket.holder))
        if ticket.acknowledged:
            parts.append(self._text("desk.ticket.seen"))
        return " · ".join(parts)

    def _urgency(self, ticket: TicketView) -> Iterator[str]:
        """How soon it is wanted; "today" only where that is so: in the evening it is to be done on another day."""
        due_on = ticket.due_at.astimezone(self._text.calendar.zone).date()
        if ticket.urgency is not Urgency.TODAY or due_on == self._text.calendar.today:
            yield self._text(f"desk.urgency.{ticket.urgency.value}")

    def _status(self, sight: Sight) -> str:
        if sight.holder is not None:
            return self._text("desk.status.held", name=sight.holder)
        return self._text("desk.status.staff" if sight.staff_speaks else "desk.status.bot")

    def _facts(self, card: PatientCard) -> Iterator[str]:
        text, unknown = self._text, self._text("desk.card.unknown")
        yield self._row("last_visit", text.show(card.last_visit_on, "date") if card.last_visit_on else unknown)
        yield self._row("recall", text("desk.card.months", count=card.recall_months) if card.recall_months else unknown)
        if card.staying_away:
            yield self._row("staying_away", text(f"desk.away.{card.staying_away}"))
        if card.paused_until:
            yield self._row("paused", text.show(card.paused_until, "date"))
        if card.preferred_channel:
            yield self._row("way", text(f"desk.channel.{card.preferred_channel.value}"))
        if card.rhythm_months:
            yield self._row("rhythm", text("desk.card.months", count=card.rhythm_months))
        yield self._row("dentist", card.dentist or unknown)
        yield self._row("born", text.show(card.born_on, "date") if card.born_on else unknown)
        yield self._row("language", text(f"page.language.{card.language.value}"))
        yield self._row("mobile", card.mobile or unknown)
        yield self._row("number", card.number)
        if card.status != PatientStatus.ACTIVE:
            yield self._row("status", text(f"desk.patient_status.{card.status}"))
        yield self._visit(card.visit)

    def _row(self, label: str, value: str) -> str:
        return self._text("topic.card.row", label=self._text(f"desk.card.{label}"), value=value)

    def _visit(self, visit: VisitView | None) -> str:
        text, name = self._text, self._text("desk.visit.name")
        if visit is None:
            return text("topic.card.row", label=name, value=text("desk.visit.none"))
        said = text("desk.visit.confirmed" if visit.confirmed else "desk.visit.unconfirmed")
        when = f"{text.show(visit.slot.starts_at, 'short')} {text('desk.visit.with', provider=visit.provider_name)}"
        return text("topic.card.row", label=name, value=f"{when}, {said}")

    def _rights(self, card: PatientCard) -> Iterator[str]:
        text = self._text
        yield text("desk.rights.name")
        for right in card.rights:
            said = text("desk.right.yes" if right.permitted else "desk.right.no")
            since = f", {text('desk.right.since', date=text.show(right.since, 'date'))}" if right.since else ""
            yield text("topic.card.row", label=text(f"desk.purpose.{right.purpose}"), value=said + since)

    def _notes(self, sight: Sight) -> Iterator[str]:
        if sight.notes:
            yield self._text("desk.note.name")
        for note in sight.notes[-NOTES_SHOWN:]:
            yield self._text(
                "topic.line", time=self._text.show(note.at, "short"), who=note.author, text=cut(note.text, 300)
            )

    def _foot(self, sight: Sight, offered: Offered) -> Iterator[str]:
        if offered.uncertain:
            yield self._text("topic.card.uncertain")
        if offered.times is not None:
            yield self._text("topic.card.times" if offered.times else "desk.times.none")
        yield self._text("topic.card.web", address=f"{self._public_url}/desk/c/{sight.conversation_id}")

    def _rows(self, sight: Sight, offered: Offered) -> Iterator[tuple[TopicButton, ...]]:
        if not sight.is_wanted:
            return

        def button(key: str, act: TopicAct) -> TopicButton:
            return TopicButton(label=self._text(key), payload=TopicPayload(act=act, topic_id=offered.topic_id).encode())

        if sight.is_alarming:
            yield (button("desk.acknowledge", TopicAct.ACKNOWLEDGE),)
        first = ("desk.hand_back", TopicAct.HAND_BACK) if sight.staff_speaks else ("desk.take", TopicAct.TAKE)
        yield (button(*first), button("topic.button.note", TopicAct.NOTE))
        if offered.times is None:
            yield (button("desk.times.show", TopicAct.TIMES), button("topic.button.called", TopicAct.CALLED))
        else:
            yield from self._times(offered.times, offered.topic_id)
            yield (button("topic.button.no_times", TopicAct.NO_TIMES), button("topic.button.called", TopicAct.CALLED))
        if sight.card.frozen:
            yield (button("desk.clear_freeze", TopicAct.CLEAR),)
        yield (button("topic.button.close", TopicAct.CLOSE),)

    def _times(self, times: tuple[Slot, ...], topic_id: TopicId) -> Iterator[tuple[TopicButton, ...]]:
        buttons = [
            TopicButton(
                label=self._text.show(slot.starts_at, "short"),
                payload=TopicPayload(act=TopicAct.BOOK, topic_id=topic_id, slot=slot).encode(),
            )
            for slot in times
        ]
        for place in range(0, len(buttons), TIMES_IN_A_ROW):
            yield tuple(buttons[place : place + TIMES_IN_A_ROW])


def cut(text: str, most: int) -> str:
    """The text, at most so long; an ellipsis says that there was more. The messenger counts UTF-16 units."""
    if _length(text) <= most:
        return text
    kept = text[: most - 1]
    while _length(kept) >= most:
        kept = kept[:-1]
    return kept + "…"


def fitting(texts: Iterable[str], most: int = LONGEST_TEXT) -> int:
    """How many of these lines fit into one message; at least one, which is cut if need be."""
    length = count = 0
    for text in texts:
        length += _length(text) + 1
        if length > most and count:
            break
        count += 1
    return count


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
