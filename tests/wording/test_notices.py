"""Notices keep what somebody agreed to: versions stand side by side, and a published text is never changed."""

import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from bot.wording import Catalogue, CatalogueError, Wording
from bot.wording.check import findings
from bot.wording.extract import SHIPPED, extract
from bot.wording.facts import NOBODY, ClinicVoice
from bot.wording.notice_check import SUMS, notice_findings
from bot.wording.notices import NOTICES, Notice, NoticeError, newest, read_notices, reference_for
from flows.messages.notices import NoticeRecall
from flows.vocabulary import Language, Purpose

SECOND = '\n[[notice]]\nname = "recall"\nversion = 2\ntext = "{clinic}, {phone}: at most {most}, said anew."\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped words."""
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py"))
    return tmp_path


def said(folder: Path) -> list[str]:
    """What the check finds in the notices."""
    return [str(finding) for finding in notice_findings(folder)]


def change(folder: Path, language: str, old: str, new: str) -> None:
    path = folder / language / NOTICES
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shipped_notices_are_whole_and_published(folder: Path) -> None:
    assert said(folder) == []
    listed = (folder / SUMS).read_text(encoding="ascii").splitlines()
    for language in Language:
        for purpose in (Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER):
            assert reference_for(language, purpose) in listed
        assert reference_for(language, Purpose.APPOINTMENT) == ""


def test_a_changed_text_needs_a_version_of_its_own(folder: Path) -> None:
    change(folder, "en", "with times to choose from", "with a time to choose")
    assert [line for line in said(folder) if "en/recall@1 says something else than when it was published" in line]
    extract(folder)
    assert said(folder), "listing it anew does not make it right"


def test_line_breaks_and_spaces_are_no_change(folder: Path) -> None:
    change(folder, "en", "with times to choose from", "with times\nto choose from")
    assert not [line for line in said(folder) if "recall@1" in line]


def test_two_versions_stand_side_by_side_and_the_newest_is_shown(
    folder: Path, clinic: ClinicVoice, now: datetime
) -> None:
    path = folder / "en" / NOTICES
    path.write_text(path.read_text(encoding="utf-8") + SECOND, encoding="utf-8")
    listed = (folder / SUMS).read_text(encoding="ascii")
    extract(folder)
    assert set(listed.splitlines()) < set((folder / SUMS).read_text(encoding="ascii").splitlines())
    assert not [line for line in said(folder) if " en: " in line]
    wording = Wording(catalogue=Catalogue.load(folder), clinic=clinic)
    worded = wording.word(NoticeRecall(most=2), language=Language.EN, level_limit=0, reader=NOBODY, now=now)
    assert worded.text == f"{clinic.name}, {clinic.phone}: at most 2, said anew."


def test_an_old_version_that_is_gone_is_missed(folder: Path) -> None:
    change(folder, "nl", 'name = "offer"\nversion = 1', 'name = "offer"\nversion = 2')
    assert any("nl/offer@1 is gone" in line for line in said(folder))


@pytest.mark.parametrize(
    ("language", "old", "new", "complaint"),
    [
        ("fr", 'name = "postvisit"', 'name = "gone"', "notice.postvisit (level 0): has no text"),
        ("en", "{most} a year, and never", "2 a year, and never", "notice.recall"),
        ("ru", "{phone}", "{dentist}", "names {dentist}"),
        ("nl", "u zelf aangeeft", "jij zelf aangeeft", "Dutch says u"),
    ],
)
def test_a_fault_in_a_notice_is_found(folder: Path, language: str, old: str, new: str, complaint: str) -> None:
    change(folder, language, old, new)
    assert any(complaint in line for line in said(folder))
    assert any(complaint in str(finding) for finding in findings(folder))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("[[notice]]\nname = 1", "notices.toml"),
        ('[[notice]]\nname = "x"\nversion = 0\ntext = "x"', "a whole number from 1"),
        ('[[notice]]\nname = "x"\nversion = true\ntext = "x"', "a whole number from 1"),
        ("notice", "en/notices.toml"),
        ("other = 1", "notice"),
        ('[[notice]]\nname = "x"\nversion = 1\ntext = "x"\n' * 2, "en/x@1 is there twice"),
    ],
)
def test_a_broken_file_is_refused_and_named(raw: str, why: str, folder: Path) -> None:
    with pytest.raises(NoticeError, match=why):
        read_notices(BytesIO(raw.encode()), Language.EN)
    (folder / "en" / NOTICES).write_text(raw, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why):
        Catalogue.load(folder)


def test_the_newest_is_the_one_with_the_highest_number_wherever_it_stands() -> None:
    two, one = (Notice(language=Language.EN, name="recall", version=number, text="x") for number in (2, 1))
    assert newest([two, one]) == {"recall": two}
