"""Letters, cards and lists: what stands on them, what a scanner reads from them, and who may read the files."""

import csv
import io
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot.invites import UnwritableError, Window, WritableFile, cards_pdf, letters_pdf, merge_csv, paper_of, window_of
from bot.invites.cards import cards_pictures
from bot.invites.letters import letters_pictures
from bot.invites.merge import HEADERS, harmless
from bot.services.invitations import Card, InvitationWriter, Letter
from bot.services.links import PersonalLink
from bot.services.people import voice_of
from bot.wording import Catalogue, Wording
from flows.ids import PatientId
from flows.messages.foot import Advertising, RiskWarning
from flows.vocabulary import Language
from tests.invites.post import PUBLIC, add_listed
from tests.world import World

LONGEST = "Alexandra-Konstantina van der Voorbeeld-Proefberg"


def writer_of(world: World) -> InvitationWriter:
    """Whoever words invitations of a house."""
    clinic = world.house.clinic
    return InvitationWriter(Wording(catalogue=Catalogue.load(), clinic=voice_of(clinic)), clinic)


def link_of(world: World, secret: str) -> PersonalLink:
    """A personal link with a secret of 43 letters, as real ones have."""
    return PersonalLink(url=f"{PUBLIC}/p/{secret:x<43}", expires_at=world.clock.now() + timedelta(days=60))


def letter(world: World, patient_id: PatientId, name: str = "letter", level: int = 1) -> Letter:
    """Word a letter to a patient."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        patient = uow.patients.get(patient_id)
    link, now = link_of(world, name), world.clock.now()
    return writer_of(world).letter(patient, link, level=level, foot=(Advertising(), RiskWarning()), now=now)


def card(world: World, patient_id: PatientId, name: str = "card") -> Card:
    """Word a card for a patient."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        patient = uow.patients.get(patient_id)
    return writer_of(world).card(patient, link_of(world, name), now=world.clock.now())


def codes(picture: bytes) -> list[str]:
    """What an independent reader finds on a picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        return sorted(found.text for found in zxingcpp.read_barcodes(opened.convert("L")))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("country", ["NL", "FR", "US"])
async def test_a_letter_is_one_page_with_a_code_that_leads_to_its_page(
    world: World, language: Language, country: str
) -> None:
    patient_id = add_listed(world, "1", language=language, family_name=LONGEST)
    written = letter(world, patient_id)
    (picture,) = letters_pictures([written], country=country, now=world.clock.now())
    assert codes(picture) == [written.link]


async def test_a_batch_of_letters_has_a_page_and_a_code_for_each(world: World) -> None:
    written = [letter(world, add_listed(world, str(number)), f"letter{number}") for number in range(3)]
    pictures = letters_pictures(written, country="NL", now=world.clock.now())
    assert [codes(picture) for picture in pictures] == [[each.link] for each in written]
    assert letters_pdf(written, country="NL", now=world.clock.now()).startswith(b"%PDF-")


async def test_cards_stand_ten_to_a_page_each_with_its_own_code(world: World) -> None:
    languages = [*Language, *Language, *Language]
    made = [
        card(world, add_listed(world, str(number), language=language), f"card{number:02}")
        for number, language in enumerate(languages)
    ]
    first, second = cards_pictures(made, country="NL", now=world.clock.now())
    assert codes(first) == sorted(each.link for each in made[:10])
    assert codes(second) == sorted(each.link for each in made[10:])
    assert cards_pdf(made, country="US", now=world.clock.now()).startswith(b"%PDF-")


async def test_a_card_names_nobody_and_a_letter_at_level_0_nobody_but_on_the_envelope(world: World) -> None:
    patient_id = add_listed(world, "1", given_name="Anna", family_name="Proef")
    made, written = card(world, patient_id), letter(world, patient_id, level=0)
    assert "Anna" not in made.title + made.text
    assert "Anna" not in written.text
    assert "Vos" not in written.text
    assert written.recipient.lines == ("Anna Proef", "Voorbeeldlaan 12", "1234 AB Voorbeeldstad")


async def test_a_name_is_never_read_as_markup(world: World) -> None:
    patient_id = add_listed(world, "1", family_name='#panic("no") $x$ *b* <a> \\ @c')
    assert len(letters_pictures([letter(world, patient_id)], country="NL", now=world.clock.now())) == 1


async def test_a_list_for_a_mail_merge_is_whole_and_computes_nothing(world: World) -> None:
    patient_id = add_listed(world, "=1+1", street='@SUM(A1) "x", y', language=Language.FR)
    written = letter(world, patient_id)
    read = list(csv.reader(io.StringIO(merge_csv([written]).decode("utf-8-sig"))))
    assert tuple(read[0]) == HEADERS
    row = dict(zip(HEADERS, read[1], strict=True))
    assert row["number"] == "'=1+1"
    assert row["street"] == '\'@SUM(A1) "x", y'
    assert row["link"] == written.link
    assert row["valid until"] == "2027-01-21"
    assert row["language"] == "fr"
    assert row["closing lines"] == " ".join(written.foot)
    assert row["closing lines"].startswith("Publicité. Contre-indications possibles")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\uff1d1"])
def test_what_looks_like_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Anna", "12-14", "1234 AB", "'t Hof", "https://example.com/p/-x"])
def test_what_is_none_stays(cell: str) -> None:
    assert harmless(cell) == cell


def test_windows_and_paper_follow_the_country() -> None:
    assert (window_of("FR"), window_of("NL")) == (Window.RIGHT, Window.LEFT)
    assert (paper_of("US"), paper_of("NL")) == ("us-letter", "a4")


def test_a_file_of_links_is_for_its_owner_alone_and_overwrites_none(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    with WritableFile.open(path) as file:
        file.write(b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UnwritableError, match="exists already"), WritableFile.open(path):
        pytest.fail("it was overwritten")
    assert path.read_bytes() == b"x"


def test_a_file_that_was_not_written_is_not_left_behind(tmp_path: Path) -> None:
    with WritableFile.open(tmp_path / "nobody.pdf"):
        pass
    with pytest.raises(ZeroDivisionError), WritableFile.open(tmp_path / "half.pdf") as file:
        file.write(bytes([1 // 0]))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_none_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError) as told, WritableFile.open(tmp_path / "no" / "letters.pdf"):
        pytest.fail("there is no such folder")
    assert len(str(told.value).splitlines()) == 1
