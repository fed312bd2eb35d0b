"""The real house of `tests/house`, for laws that tempt it."""

from tests.house.conftest import database_url, empty_clinic, records, world

__all__ = ["database_url", "empty_clinic", "records", "world"]
