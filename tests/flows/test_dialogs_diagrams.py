"""The pages that show the dialogs are those of the rules as they are."""

from pathlib import Path

from click.testing import CliRunner

from bot.diagrams import PAGES, main, pages, stale
from flows.dialogs import DIALOGS


def test_the_pages_in_the_tree_are_up_to_date() -> None:
    assert stale(PAGES) == [], "run `python -m bot.diagrams`"


def test_every_dialog_has_a_page_with_a_diagram_that_shows_all_its_ends() -> None:
    drawn = pages()
    for dialog in DIALOGS:
        page = drawn[f"{dialog.name}.md"]
        assert "stateDiagram-v2" in page
        for rule in dialog.rules:
            for end in rule.ends:
                assert not end.name or f"as {end.__name__}\n" in page


def test_writing_brings_a_folder_up_to_date_and_checking_finds_what_is_stale(tmp_path: Path) -> None:
    folder = tmp_path / "pages of dialogs"
    runner = CliRunner()
    assert runner.invoke(main, ["--check", "--folder", str(folder)]).exit_code == 1
    assert runner.invoke(main, ["--folder", str(folder)]).exit_code == 0
    assert runner.invoke(main, ["--check", "--folder", str(folder)]).exit_code == 0
    (folder / "times.md").write_text("edited", encoding="utf-8")
    (folder / "gone.md").write_text("of a dialog that is no more", encoding="utf-8")
    checked = runner.invoke(main, ["--check", "--folder", str(folder)])
    assert checked.exit_code == 1
    assert "times.md is stale" in checked.output
    assert "python -m bot.diagrams" in checked.output
    runner.invoke(main, ["--folder", str(folder)])
    assert stale(folder) == []
    assert not (folder / "gone.md").exists()
