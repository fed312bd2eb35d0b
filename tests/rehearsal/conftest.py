"""What simulated houses share in tests: words, read once."""

from tests.house.conftest import words_read_once

__all__ = ["words_read_once"]
