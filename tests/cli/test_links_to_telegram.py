"""Personal links of a clinic with a bot: they lead to it, and one secret opens both ways in, once."""

import json
from pathlib import Path

from tests.cli.shell import EXAMPLES, one_line, recare


def with_bot(folder: Path, *lines: str) -> Path:
    """Name the bot in the clinic's file, and import somebody."""
    file = folder / "clinic.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n".join(("", "[telegram]", *lines, "")), encoding="utf-8")
    imported = recare("import", str(EXAMPLES / "patients.csv"), folder=folder)
    assert imported.returncode == 0, imported
    return folder


def link(folder: Path, number: str = "1003") -> dict[str, str]:
    ran = recare("link", number, "--json", folder=folder)
    assert ran.returncode == 0, ran
    (found,) = json.loads(ran.stdout)
    return dict(found)


def test_links_lead_to_the_bot_and_to_the_page_with_the_same_secret(clinic: Path) -> None:
    made = link(with_bot(clinic, 'username = "example_recall_bot"'))
    secret = made["page"].rpartition("/p/")[2]
    assert made["link"] == made["telegram"] == f"https://t.me/example_recall_bot?start={secret}"


def test_links_lead_to_the_page_where_the_clinic_wants_that(clinic: Path) -> None:
    made = link(with_bot(clinic, 'username = "example_recall_bot"', 'links = "web"'))
    assert made["link"] == made["page"]
    assert made["telegram"].startswith("https://t.me/example_recall_bot?start=")


def test_without_the_name_of_a_bot_there_is_one_way_in(clinic: Path) -> None:
    made = link(with_bot(clinic))
    assert made["link"] == made["page"]
    assert made["telegram"] is None


def test_cards_that_lead_to_the_bot_need_no_public_page_and_tell_their_links(clinic: Path) -> None:
    with_bot(clinic, 'username = "example_recall_bot"')
    ran = recare("invites", "cards", "1003", "--json", folder=clinic)
    assert ran.returncode == 0, ran
    (card,) = json.loads(ran.stdout)["invitations"]
    assert card["number"] == "1003"
    assert card["link"].startswith("https://t.me/example_recall_bot?start=")


def test_a_name_that_no_bot_can_have_is_refused(clinic: Path) -> None:
    file = clinic / "clinic.toml"
    text = file.read_text(encoding="utf-8") + '\n[telegram]\nusername = "@clinic bot"\n'
    file.write_text(text, encoding="utf-8")
    one_line(recare("plan", folder=clinic), "username", "example_recall_bot")
