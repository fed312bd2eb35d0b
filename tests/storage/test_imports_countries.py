"""Countries as lists write them."""

import pytest

from storage.imports.countries import read_country
from storage.imports.problems import CellError


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("NL", "NL"),
        (" be ", "BE"),
        ("ca-qc", "CA-QC"),
        ("France", "FR"),
        ("Pays-Bas", "NL"),
        ("Verenigd Koninkrijk", "GB"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Россия", "RU"),
        ("Québec", "CA-QC"),
        ("Deutschland", None),
        ("Germany", "DE"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_country_is_read_by_code_or_by_its_name_in_a_language_recare_speaks(written: str, code: str | None) -> None:
    if code is None and written.strip():
        with pytest.raises(CellError):
            read_country(written)
    else:
        assert read_country(written) == code


@pytest.mark.parametrize("written", ["EU", "ZZ", "NL-ABCD", "NL QC", "somewhere", "12"])
def test_what_is_no_country_is_refused_with_a_remedy(written: str) -> None:
    with pytest.raises(CellError) as refused:
        read_country(written)
    assert "NL" in refused.value.remedy
