"""The check of the catalogues finds what it should, and nothing in those that are shipped."""

import shutil
from pathlib import Path

import pytest

from bot.wording import check
from bot.wording.check import findings
from bot.wording.extract import SHIPPED
from bot.wording.findings import Weight
from bot.wording.typography import rules, slips
from flows.vocabulary import Language


def test_the_shipped_catalogues_have_no_errors() -> None:
    assert [str(found) for found in findings(SHIPPED) if found.weight is Weight.ERROR] == []


def test_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main() == 0
    assert "catalogues: 0 errors" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "old", "new", "complaint"),
    [
        ("fr", 'msgstr "Pas maintenant"', 'msgstr ""', "button.not_now (level 0): has no text"),
        ("nl", 'msgstr "Wat kunnen we voor u doen?"', 'msgstr "{phone}"', "names {phone}, which English has not"),
        ("fr", 'msgstr "{starts_at:short}"', 'msgstr "{starts_at}"', "{starts_at} needs one of the styles"),
        ("fr", 'msgstr "{starts_at:short}"', 'msgstr "Tout"', "leaves out {starts_at}, which English has"),
        ("fr", 'msgstr "{day:short_day}"', 'msgstr "{day:short}"', "{day} needs one of the styles"),
        ("ru", "Номер, который Вы сейчас написали", "Номер {shown}, который Вы написали", "names {shown}"),
        ("nl", 'msgid "button.not_now"', 'msgid "button.not_ever"', "button.not_ever (level 0): is declared nowhere"),
        ("nl", 'msgstr "Nu niet"', 'msgstr "Nu liever nog even helemaal niet"', "a label of 32 characters"),
        ("nl", 'msgstr "Nu niet"', 'msgstr "Nu {clinic:short}"', "{clinic} is shown without a style"),
        ("nl", 'msgstr "Nu niet"', 'msgstr "Nu {dentist}"', "names {dentist} on a lock screen"),
        ("nl", 'msgstr "Nu niet"', 'msgstr "Nu {nobody}"', "names {nobody}, which nobody gives"),
        ("nl", 'msgstr "We staan graag voor u klaar."', f'msgstr "{"fijn, " * 90}ja"', "a message of 542 characters"),
    ],
)
def test_a_fault_is_found(tmp_path: Path, language: str, old: str, new: str, complaint: str) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py"))
    path = tmp_path / language / "messages.po"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    found = [str(finding) for finding in findings(tmp_path) if finding.weight is Weight.ERROR]

    assert any(complaint in line and f" {language}: " in line for line in found), found


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("en", "It is painless.", "nothing hurts"),
        ("en", "Come now!!", "exclamation"),
        ("en", "Come now 🙂", "emoji"),
        ("en", "Come  now", "space"),
        ("en", "Don't", "apostrophe"),
        ("en", "before it is too late", "alarm"),
        ("en", "Yes - no", "hyphen"),
        ("fr", "Viendrez-vous ?", "narrow no-break space"),
        ("fr", "Viendrez-vous?", "narrow no-break space"),
        ("fr", "«\u202fStop »", "narrow no-break space"),
        ("fr", "C'est tout.", "apostrophe"),
        ("fr", "Tu viens.", "vous"),
        ("fr", "Je t’attends.", "vous"),
        ("fr", "C’est sans douleur.", "nothing hurts"),
        ("nl", "Kom je?", "says u"),
        ("nl", "Om 9:30 uur.", "9.30 uur"),
        ("nl", "Het is pijnloos.", "nothing hurts"),
        ("ru", "Ты придёшь?", "Вы"),
        ("ru", "Ждём вас.", "capital"),
        ("ru", "Это безболезненно.", "nothing hurts"),
        ("ru", "Слово “стоп”.", "quotation marks"),
    ],
)
def test_a_slip_of_the_pen_is_found(language: str, text: str, why: str) -> None:
    assert any(why in slip for slip in slips(text, rules(Language(language))))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hello {clinic}: “stop” ends it; the patient’s turn."),
        ("fr", "Tout va bien\u202f? «\u202fStop\u202f» le {day:day}\u202f!"),
        ("nl", "Uw dag is dinsdag om 9.30 uur, ’s ochtends."),
        ("ru", "Здравствуйте! Выше — «стоп», выход, твёрдо."),
    ],
)
def test_good_prose_passes(language: str, text: str) -> None:
    assert list(slips(text, rules(Language(language)))) == []
