"""The server for its own tests, and both libraries as they are."""

from tests.botapi.fixtures import api

__all__ = ["api"]
