"""Whatever is written, something is understood: nothing is raised, and the meaning keeps its own laws."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import Reading, RuleUnderstander, typed_button
from flows.meaning import Expecting
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, OFFERS, VISIT, WEDNESDAY

UNDERSTANDER = RuleUnderstander.load()
VOCABULARY = """
stop swollen face not no never tuesday at 5 9:30 24/11 after before between and or in two weeks but , . ? !
pas gonflé joue mardi après avant entre et ou dans deux semaines moins le quart 17 h 30
niet dik wang dinsdag om half tien na voor tussen over twee weken kwart
не опухла щека вторник в половине десятого после до между через две недели без четверти
""".split()  # noqa: SIM905 - a page of words reads better than a list

readings = st.builds(
    Reading,
    language=st.sampled_from(Language),
    expecting=st.sampled_from(Expecting),
    now=st.just(WEDNESDAY),
    zone=st.just(BRUSSELS),
    offers=st.sampled_from([(), OFFERS]),
    visit=st.sampled_from([None, VISIT]),
)
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join),
    st.text(alphabet="0123456789.:/-, h", max_size=60),
)


@settings(max_examples=400)
@given(text=texts, reading=readings)
def test_any_text_has_a_meaning(text: str, reading: Reading) -> None:
    meaning = UNDERSTANDER.understand(text, reading)
    assert meaning.intent not in meaning.alternatives
    assert len(set(meaning.alternatives)) == len(meaning.alternatives) <= 3
    assert 0 <= meaning.confidence <= 1
    assert meaning == UNDERSTANDER.understand(text, reading)
    times = meaning.times
    assert times.dates is None or (times.dates and list(times.dates) == sorted(set(times.dates)))


@settings(max_examples=100)
@given(text=texts, labels=st.lists(st.text(max_size=30), max_size=6))
def test_any_text_is_a_button_or_none(text: str, labels: list[str]) -> None:
    place = typed_button(text, labels)
    assert place is None or 0 <= place < len(labels)


@settings(max_examples=100)
@given(text=texts, stop=st.sampled_from(["Please stop writing to me.", "unsubscribe"]))
def test_a_stop_is_heard_whatever_came_before(text: str, stop: str) -> None:
    reading = Reading(language=Language.EN, expecting=Expecting.SLOTS, now=WEDNESDAY, zone=BRUSSELS)
    alone = UNDERSTANDER.understand(stop, reading)
    assert alone.intent.value == "stop"
    after = UNDERSTANDER.understand(f"{stop} {text.replace(chr(10), ' ')[:80]}", reading)
    assert after.intent.value in {"urgent", "deceased", "wrong_person", "stop"}


def test_a_million_characters_are_read() -> None:
    reading = Reading(language=Language.EN, expecting=Expecting.NOTHING, now=WEDNESDAY, zone=BRUSSELS)
    assert UNDERSTANDER.understand("stop " * 200_000, reading).intent.value == "stop"
