"""A button's words may be typed instead of tapped; what fits two buttons, or none, is no press."""

import pytest

from bot.understanding import typed_button

INVITATION = ["Tue 24 Nov, 9:30", "Thu 26 Nov, 17:45", "Other times", "Not now", "A person, please"]
FRENCH = [
    "mar. 24 nov. à 9 h 30",
    "jeu. 26 nov. à 17 h 45",
    "Autres horaires",
    "Pas maintenant",
    "Une personne, s'il vous plaît",
]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Other times", 2),
        ("other times!", 2),
        ("OTHER TIMES please", 2),
        ("1", 0),
        ("2.", 1),
        ("#3", 2),
        ("9", None),
        ("0", None),
        ("thu", 1),
        ("thu 26 nov 17:45", 1),
        ("a person", 4),
        ("other", 2),
        ("now", None),
        ("n", None),
        ("not now but friday", None),
        ("", None),
        ("🙂", None),
        ("something else entirely", None),
    ],
)
def test_a_typed_button_is_found(typed: str, place: int | None) -> None:
    assert typed_button(typed, INVITATION, frozenset({"please"})) == place


@pytest.mark.parametrize(("typed", "place"), [("autres horaires", 2), ("une personne", 4), ("AUTRES", 2), ("pas", 3)])
def test_accents_and_case_do_not_matter(typed: str, place: int) -> None:
    assert typed_button(typed, FRENCH) == place


def test_a_beginning_that_two_buttons_share_is_none() -> None:
    assert typed_button("tue", ["Tue 24 Nov, 9:30", "Tue 24 Nov, 17:45"]) is None


def test_a_label_that_is_a_number_wins_over_its_place() -> None:
    assert typed_button("3", ["6", "3", "12"]) == 1


def test_no_buttons_no_press() -> None:
    assert typed_button("1", []) is None
