"""A browser without scripts: follows links, submits forms with what stands in them, says where it comes from."""

import contextlib
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx

from tests.web.site import Site

PAGE_HEADERS = {"x-recare": "page", "sec-fetch-site": "same-origin"}


class Forms(HTMLParser):
    """The forms of a page: action, and fields with their values."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms and hidden fields."""
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("action") or "", {}))
        elif tag == "input" and given.get("type") == "hidden" and self.found:
            self.found[-1][1][given["name"] or ""] = given.get("value") or ""


class Browser:
    """A browser without scripts."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Browse with a client, which keeps the cookies."""
        self.client = client
        self.page = httpx.Response(204)

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, site: Site, **headers: str) -> AsyncIterator["Browser"]:
        """Open a browser; `headers` go with each request."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(site.app),
            base_url="http://127.0.0.1",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            follow_redirects=True,
        ) as client:
            yield cls(client)

    async def visit(self, path: str) -> httpx.Response:
        """Open an address."""
        self.page = await self.client.get(path)
        return self.page

    async def submit(self, action: str, **fields: str) -> httpx.Response:
        """Submit the page's first form whose action ends so, with its hidden fields and those given."""
        own = next(hidden for address, hidden in Forms(self.page.text).found if address.endswith(action))
        target = self.page.url.join(next(a for a, _ in Forms(self.page.text).found if a.endswith(action)))
        # Under `no-referrer` a browser says "null" when it submits a plain form.
        headers = {"origin": "null", "sec-fetch-site": "same-origin"}
        self.page = await self.client.post(target, data={**own, **fields}, headers=headers)
        return self.page

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Send what a page's script sends."""
        return await self.client.post(path, json=fields, headers=PAGE_HEADERS)

    async def open_chat(self, chat_id: int) -> httpx.Response:
        """Open a patient's page by its personal link."""
        await self.visit(f"/p/link-{chat_id}")
        return await self.submit("")

    async def sign_in(self, token: str) -> httpx.Response:
        """Sign in to the desk."""
        await self.visit(f"/desk/sign-in/{token}")
        return await self.submit("")
