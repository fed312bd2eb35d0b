"""What staff say a text meant, on both databases: kept once a line, sealed, gone with the person."""

from datetime import timedelta

import pytest

from flows.ids import StaffId
from flows.meaning import Intent
from flows.vocabulary import Channel, Language
from storage.errors import ConstraintError
from storage.records.corrections import Correction, NewCorrection
from storage.vocabulary import ReceivedKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.given import listed
from tests.storage.sql import run_sql


def _line(clinic: Clinic, talk: Talk, text: str = "no thanks") -> int:
    return clinic.do(
        lambda uow: uow.updates.received(talk.conversation_id, kind=ReceivedKind.TEXT, body={"text": text}, now=NOW)
    )


def _said(line_id: int, meant: Intent = Intent.STOP, text: str = "no thanks") -> NewCorrection:
    return NewCorrection(line_id=line_id, text=text, language=Language.EN, understood=Intent.NO, sure=True, meant=meant)


def _keep(clinic: Clinic, staff_id: StaffId, new: NewCorrection) -> int:
    return clinic.do(lambda uow: uow.corrections.keep(new, staff_id=staff_id, now=clinic.clock.now))


def _all(clinic: Clinic) -> list[Correction]:
    return clinic.do(lambda uow: uow.corrections.page(limit=100))


def test_what_staff_say_is_kept_with_who_and_when(clinic: Clinic) -> None:
    staff_id, line_id = clinic.add_staff(), _line(clinic, clinic.add_talk())
    kept = _keep(clinic, staff_id, _said(line_id))
    assert _all(clinic) == [
        Correction(
            id=kept,
            at=NOW,
            staff_id=staff_id,
            text="no thanks",
            language=Language.EN,
            understood=Intent.NO,
            sure=True,
            meant=Intent.STOP,
        )
    ]
    assert clinic.do(lambda uow: uow.corrections.of_lines([line_id, line_id + 1])) == {line_id: Intent.STOP}


def test_of_a_line_only_the_last_word_is_kept(clinic: Clinic) -> None:
    staff_id, line_id = clinic.add_staff(), _line(clinic, clinic.add_talk())
    _keep(clinic, staff_id, _said(line_id))
    clinic.clock.forward(hours=1)
    _keep(clinic, clinic.add_staff("Two"), _said(line_id, Intent.LATER))
    (left,) = _all(clinic)
    assert (left.meant, left.at) == (Intent.LATER, NOW + timedelta(hours=1))
    assert clinic.do(lambda uow: uow.corrections.withdraw(line_id))
    assert not clinic.do(lambda uow: uow.corrections.withdraw(line_id))
    assert _all(clinic) == []


def test_they_come_page_by_page_the_oldest_first(clinic: Clinic) -> None:
    staff_id, talk = clinic.add_staff(), clinic.add_talk()
    kept = [_keep(clinic, staff_id, _said(_line(clinic, talk), text=str(place))) for place in range(3)]
    first = clinic.do(lambda uow: uow.corrections.page(limit=2))
    assert [each.id for each in first] == kept[:2]
    assert [each.id for each in clinic.do(lambda uow: uow.corrections.page(limit=2, after_id=kept[1]))] == kept[2:]


def test_nothing_of_the_text_or_the_patient_stands_in_the_row(clinic: Clinic) -> None:
    talk, staff_id = clinic.add_talk(), clinic.add_staff()
    line_id = _line(clinic, talk)
    _keep(clinic, staff_id, _said(line_id, text="a very telling text"))
    (row,) = run_sql(clinic.database, "SELECT * FROM correction")
    plain = repr(tuple(bytes(each) if isinstance(each, memoryview) else each for each in row))
    assert "telling" not in plain
    for known in (talk.patient_id, talk.conversation_id, talk.address_id, line_id):
        assert str(known) not in plain


def test_erasing_a_person_takes_their_words_along_and_nobody_elses(clinic: Clinic) -> None:
    staff_id, talk, other = clinic.add_staff(), clinic.add_talk(), clinic.add_talk()
    second = clinic.add_talk(talk.patient_id, Channel.TELEGRAM)
    for where, text in ((talk, "mine"), (second, "mine too"), (other, "theirs")):
        _keep(clinic, staff_id, _said(_line(clinic, where), text=text))
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    assert [each.text for each in _all(clinic)] == ["theirs"]


def test_forgetting_a_stranger_takes_their_words_along(clinic: Clinic) -> None:
    stranger = clinic.do(lambda uow: uow.placeholders.add(None, now=NOW))
    _keep(clinic, clinic.add_staff(), _said(_line(clinic, clinic.add_talk(stranger, Channel.TELEGRAM))))
    clinic.do(lambda uow: uow.placeholders.erase(stranger, now=NOW))
    assert _all(clinic) == []


def test_each_clinic_has_its_own(clinic: Clinic) -> None:
    other = clinic.neighbour()
    line_id = _line(clinic, clinic.add_talk())
    _keep(clinic, clinic.add_staff(), _said(line_id))
    assert _all(other) == []
    assert other.do(lambda uow: uow.corrections.of_lines([line_id])) == {}
    with pytest.raises(ConstraintError):
        _keep(other, StaffId(1), _said(line_id))


def test_a_household_is_found_without_those_who_were_erased(clinic: Clinic) -> None:
    mobile = "+32470000001"
    anna, ben = (clinic.add_patient(mobile=mobile, given_name=name) for name in ("Anna", "Ben"))
    home = clinic.do(lambda uow: uow.patients.get(anna)).household_id
    assert home is not None
    found = clinic.do(lambda uow: uow.patients.living_with(home))
    assert [each.profile.given_name for each in found] == ["Anna", "Ben"]
    clinic.do(lambda uow: uow.patients.erase(ben, now=NOW))
    assert [each.id for each in clinic.do(lambda uow: uow.patients.living_with(home))] == [anna]


def test_the_language_a_patient_chose_stays_when_a_list_says_another(clinic: Clinic) -> None:
    patient_id = clinic.add_patient(language=Language.NL)
    clinic.do(lambda uow: uow.patients.choose_language(patient_id, Language.FR, now=NOW))
    number = clinic.do(lambda uow: uow.patients.get(patient_id)).profile.number
    row = listed(number, language=Language.NL, recall_months=9)
    clinic.do(lambda uow: uow.patients.upsert_many([row], now=NOW))
    stored = clinic.do(lambda uow: uow.patients.get(patient_id))
    assert (stored.recall_months, stored.language) == (9, Language.FR)
