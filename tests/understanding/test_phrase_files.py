"""Files of phrases: what is refused names its place and its remedy, and what is missing is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.understanding.checking import check_phrases, faults_of, said_on_both_sides
from bot.understanding.phrases import FEWEST, PhrasesError, Use, digest_of, of_use, read_phrases, shared, too_few
from flows.meaning import Expecting, Flag, Intent
from flows.vocabulary import Language

Put = Callable[..., Path]
HEAD = 'author = "en-9"\nuse = "training"\n'
MEASURING = 'author = "en-8"\nuse = "evaluation"\n'


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Put a file of English phrases where they are looked for."""
    monkeypatch.setattr("bot.understanding.phrases.files", lambda _: tmp_path)

    def put(text: str | bytes, name: str = "one.toml") -> Path:
        file = tmp_path / "en" / "phrases" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return put


def everything() -> str:
    lists = [f"{intent.value} = {[f'{intent.value} {n}' for n in range(FEWEST)]}" for intent in Intent]
    return HEAD + "[intents]\n" + "\n".join(lists)


def test_a_file_is_read_with_all_it_says(put: Put) -> None:
    put(
        HEAD + '[intents]\nstop = ["leave me alone"]\n'
        '[[texts]]\ntext = "ok"\nintent = "yes"\nexpecting = "slots"\nflags = ["minor"]\n'
        '[[times]]\ntext = "at five"\nnow = 2026-11-18T10:00:00\ndates = "any"\nfrom = "17:00"\nto = "17:00"\n'
    )
    (file,) = read_phrases(Language.EN)
    assert (file.name, file.author, file.use) == ("locales/en/phrases/one.toml", "en-9", Use.TRAINING)
    stop, yes = file.phrases
    assert (stop.intent, stop.expecting, yes.expecting) == (Intent.STOP, Expecting.NOTHING, Expecting.SLOTS)
    assert yes.flags == {Flag.MINOR}
    assert file.times[0].dates is None
    assert file.times[0].earliest == file.times[0].latest


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("author = ", "one.toml", "mend that line"),
        (b"author = '\xff'", "one.toml", "save it as UTF-8"),
        ('use = "training"', "author", "docs/understanding.md"),
        (HEAD.replace("training", "fun"), "use", "docs/understanding.md"),
        (HEAD + "colour = 1", "colour", "docs/understanding.md"),
        (HEAD + '[intents]\nstopp = ["a"]', "intents.stopp", "docs/understanding.md"),
        (HEAD + '[intents]\nstop = [""]', "intents.stop.0", "docs/understanding.md"),
        (HEAD + '[intents]\nstop = ["Stop it", "stop IT"]', "'stop it' stands there twice", "keep one"),
        (HEAD + '[[texts]]\ntext = "a"\nintent = "yes"\nflags = ["angry"]', "texts.0.flags", "docs/understanding.md"),
        (HEAD + '[[texts]]\ntext = "a"\nintent = "yes"\nexpecting = "x"', "texts.0.expecting", "docs/understanding.md"),
        (HEAD + '[[times]]\ntext = "a"\nnow = 2026-11-18\ndates = "some"', "times.0", "docs/understanding.md"),
        (HEAD + f'[intents]\nstop = ["{"a" * 1001}"]', "intents.stop.0", "docs/understanding.md"),
    ],
)
def test_what_is_refused_names_place_and_remedy(text: str | bytes, place: str, remedy: str, put: Put) -> None:
    put(text)
    with pytest.raises(PhrasesError) as refused:
        read_phrases(Language.EN)
    said = str(refused.value)
    assert said.startswith("locales/en/phrases/one.toml: ")
    assert place in said
    assert remedy in said


def test_a_language_without_phrases_says_where_they_belong(put: Put) -> None:
    del put
    with pytest.raises(PhrasesError, match="locales/en/phrases: is missing; put what patients write"):
        read_phrases(Language.EN)
    assert len(check_phrases([Language.EN]).faults) == 1


def test_too_few_phrases_and_a_missing_use_are_told_with_how_many_to_write(put: Put) -> None:
    put(everything().replace("'stop 7', ", ""))
    read = read_phrases(Language.EN)
    assert too_few(read) == {Intent.STOP: FEWEST - 1}
    assert list(faults_of(Language.EN, read)) == [
        'locales/en/phrases: no file says use = "evaluation"; add one by an author of its own',
        "locales/en/phrases: stop has 59 phrases to learn from; write at least 1 more",
    ]


def test_an_author_of_both_kinds_is_told(put: Put) -> None:
    put(everything())
    put(HEAD.replace("training", "evaluation"), "two.toml")
    read = read_phrases(Language.EN)
    assert shared(read) == ("en-9",)
    (fault,) = faults_of(Language.EN, read)
    assert "en-9 wrote both" in fault
    assert "let somebody else write one of them" in fault


def test_only_short_texts_may_stand_on_both_sides(put: Put) -> None:
    long = "nobody else would put it like this"
    put(everything() + f'\n[[texts]]\ntext = "Yes please"\nintent = "yes"\n[[texts]]\ntext = "{long}"\nintent = "no"')
    put(
        MEASURING + f'[[texts]]\ntext = "yes PLEASE"\nintent = "yes"\n[[texts]]\ntext = "{long}"\nintent = "no"',
        "two.toml",
    )
    both = said_on_both_sides(read_phrases(Language.EN))
    assert [text for _, text, _ in both.short] == ["yes PLEASE"]
    assert [text for _, text, _ in both.long] == [long]
    checked = check_phrases([Language.EN])
    assert "'yes PLEASE'" in checked.notes[0]
    (fault,) = checked.faults
    assert fault == (
        f"locales/en/phrases/two.toml: '{long}' stands in locales/en/phrases/one.toml too; take it out of one"
    )


def test_weights_learnt_from_other_phrases_are_told(put: Put) -> None:
    put(everything())
    put(MEASURING + '[intents]\nyes = ["go ahead then"]', "two.toml")
    faults = check_phrases([Language.EN]).faults
    assert [fault.split(" ", 1)[1] for fault in faults] == ["was learnt from other phrases; run make weights"] * 2
    assert faults[0].startswith("bot/understanding/weights/use.npz")


def test_weights_that_cannot_be_read_are_told(put: Put, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put(everything())
    put(MEASURING + '[intents]\nyes = ["go ahead then"]', "two.toml")
    monkeypatch.setattr("bot.understanding.kept.files", lambda _: tmp_path)
    assert all("run make weights" in fault for fault in check_phrases([Language.EN]).faults)


def test_a_digest_tells_other_phrases_and_labels_apart(put: Put) -> None:
    digests = set()
    for text in ('stop = ["a", "b"]', 'stop = ["a"]\nyes = ["b"]', 'stop = ["a", "c"]'):
        put(f"{HEAD}[intents]\n{text}")
        digests.add(digest_of(of_use(read_phrases(Language.EN), Use.TRAINING)))
    assert len(digests) == 3


def test_the_shipped_phrases_are_whole() -> None:
    for language in Language:
        read = read_phrases(language)
        assert list(faults_of(language, read)) == []
        assert said_on_both_sides(read).long == ()
        assert len(of_use(read, Use.EVALUATION)) >= 300
