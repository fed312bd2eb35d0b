"""Fixtures of the web's tests: a small clinic, its site, and browsers that run no scripts."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.web.browser import Browser
from tests.web.site import Site, build_site
from tests.web.world import World


@pytest.fixture
def world() -> World:
    """An empty small clinic."""
    return World()


@pytest.fixture
def site(world: World) -> Site:
    """The clinic's site."""
    return build_site(world)


@pytest.fixture
async def browser(site: Site) -> AsyncIterator[Browser]:
    """A browser without scripts, on the site."""
    async with Browser.on(site) as browser:
        yield browser


@pytest.fixture
async def stranger(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who sends what no page of ours would send."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app), base_url="http://127.0.0.1") as client:
        yield client
