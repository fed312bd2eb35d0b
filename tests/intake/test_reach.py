"""Where updates can be brought to: over https to four ports, or anywhere between two ends on this machine."""

import pytest

from bot.intake import out_of_bounds

TELEGRAM = "https://api.telegram.org"
HERE = "http://127.0.0.1:8081"


@pytest.mark.parametrize(
    ("public_url", "api_base"),
    [
        ("https://recall.example.com", TELEGRAM),
        *((f"https://recall.example.com:{port}", TELEGRAM) for port in (443, 80, 88, 8443)),
        ("https://recall.example.com", HERE),
        ("http://127.0.0.1:8080", HERE),
        ("http://LOCALHOST:9999", "http://[::1]:8081"),
        ("https://localhost:9999", HERE),
    ],
)
def test_it_can_be_brought_there(public_url: str, api_base: str) -> None:
    assert out_of_bounds(public_url, api_base) is None


@pytest.mark.parametrize(
    ("public_url", "api_base", "why"),
    [
        ("http://recall.example.com", TELEGRAM, "https:// only"),
        ("http://recall.example.com:443", TELEGRAM, "https:// only"),
        ("http://127.0.0.1:8080", TELEGRAM, "https:// only"),
        ("http://recall.example.com", HERE, "https:// only"),
        ("http://127.0.0.1.example.com", HERE, "https:// only"),
        ("https://recall.example.com:9999", TELEGRAM, "443, 80, 88 and 8443"),
        ("https://recall.example.com:9999", HERE, "443, 80, 88 and 8443"),
    ],
)
def test_it_cannot_be_brought_there(public_url: str, api_base: str, why: str) -> None:
    wrong = out_of_bounds(public_url, api_base)
    assert wrong is not None
    assert why in wrong.says
    assert public_url in wrong.says
    assert wrong.remedy
