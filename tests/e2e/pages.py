"""The pages as people use them: a patient presses and writes, staff take over and answer. In any language.

Every wait is for something a person would see; nothing waits for time to pass.
"""

import re
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}


class Patient:
    """A patient with a phone, or with a frame of the rehearsal that looks like one."""

    def __init__(self, view: Page | FrameLocator) -> None:
        """Hold the page or the frame."""
        self.view = view

    @classmethod
    async def opening(cls, context: BrowserContext, link: str) -> "Patient":
        """Open a personal link and press its one button."""
        page = await context.new_page()
        await page.goto(link)
        await page.locator("main button").click()
        await expect(page.locator(".composer")).to_be_visible()
        await page.wait_for_load_state()
        return cls(page)

    @property
    def page(self) -> Page:
        """The page of a phone that is not framed."""
        assert isinstance(self.view, Page)
        return self.view

    async def press(self, label: str) -> None:
        """Press a button of the current question."""
        await self.view.locator(".choices button", has_text=exactly(label)).click()

    async def write(self, text: str) -> None:
        """Write a message and send it with Enter."""
        field = self.view.locator("#text")
        await field.fill(text)
        await field.press("Enter")

    async def sees(self, text: str, *, times: int = 1) -> None:
        """Wait until the conversation holds a line with this text, this many times."""
        await expect(self.view.locator(".lines .line", has_text=text)).to_have_count(times)

    async def is_asked(self, *labels: str) -> None:
        """Wait until exactly these buttons are offered."""
        await expect(self.view.locator(".choices button")).to_have_text(list(labels))

    async def is_spoken_to_by(self, words: str | re.Pattern[str]) -> None:
        """Wait until the head says who is speaking."""
        await expect(self.view.locator(".speaker")).to_have_text(words)

    async def lines(self) -> list[str]:
        """The texts of the conversation."""
        return await self.view.locator(".lines .bubble .text").all_inner_texts()

    @property
    def unsent(self) -> Locator:
        """What has not arrived yet."""
        return self.view.locator(".unsent .line")

    async def tries_again(self) -> None:
        """Press "try again" under what was not sent."""
        await self.unsent.locator(".failed button").click()


class Colleague:
    """A member of staff at the desk, or at the rehearsal's frame of it."""

    def __init__(self, view: Page | FrameLocator) -> None:
        """Hold the page or the frame."""
        self.view = view

    @classmethod
    async def signing_in(cls, context: BrowserContext, link: str) -> "Colleague":
        """Open a sign-in link and press its one button."""
        page = await context.new_page()
        await page.goto(link)
        await page.locator("main button").click()
        await expect(page.locator(".side")).to_be_attached()
        await page.wait_for_load_state()
        return cls(page)

    @property
    def page(self) -> Page:
        """The page of a desk that is not framed."""
        assert isinstance(self.view, Page)
        return self.view

    def row(self, name: str) -> Locator:
        """A line of the list."""
        return self.view.locator(".row", has_text=name)

    async def open(self, name: str) -> None:
        """Open a conversation from the list."""
        await self.row(name).click()
        await expect(self.view.locator(".talk-head h2")).to_have_text(name)

    async def take_over(self, name: str) -> None:
        """Open a conversation and take it over."""
        await self.open(name)
        await self.view.locator("#do-take").click()
        await expect(self.view.locator("#do-hand-back")).to_be_visible()

    async def answer(self, text: str) -> None:
        """Write to the patient of the opened conversation."""
        field = self.view.locator("#answer")
        await field.fill(text)
        await field.press("Enter")
        await self.sees(text)
        await expect(self.view.locator("#answer")).to_have_value("")

    async def note(self, text: str) -> None:
        """Keep a note on the opened conversation."""
        await self.show_card()
        await self.view.locator("#note").fill(text)
        await self.view.locator(".note-form button").click()
        await expect(self.view.locator(".note", has_text=text)).to_be_visible()

    async def sees(self, text: str, *, times: int = 1) -> None:
        """Wait until the opened conversation holds a line with this text, this many times."""
        await expect(self.view.locator(".lines .line", has_text=text)).to_have_count(times)

    async def is_told(self, words: str | re.Pattern[str]) -> None:
        """Wait until the desk says something about what was just done."""
        await expect(self.view.locator(".toast")).to_have_text(words)

    async def acknowledge(self) -> None:
        """Say that the alert of the opened conversation was seen."""
        await self.view.locator("#do-acknowledge").click()
        await expect(self.view.locator("#do-acknowledge")).to_have_count(0)

    async def clear_freeze(self) -> None:
        """Clear the freeze of the opened conversation."""
        await self.view.locator("#do-clear").click()
        await expect(self.view.locator(".frozen")).to_have_count(0)

    async def hand_back(self) -> None:
        """Give the opened conversation back to the assistant."""
        await self.view.locator("#do-hand-back").click()
        await expect(self.view.locator("#do-take")).to_be_visible()

    async def show_card(self) -> None:
        """Unfold the patient's card where there is no room for it beside the conversation."""
        if not await self.view.locator("details.card[open]").count():
            await self.view.locator("details.card summary").click()

    async def find_times(self) -> Locator:
        """Look for free times; gives their buttons."""
        await self.show_card()
        await self.view.locator("#find-times").click()
        times = self.view.locator(".times button")
        await expect(times.first).to_be_visible()
        return times

    async def book_first_time(self) -> str:
        """Book the first free time; returns its name."""
        first = (await self.find_times()).first
        name = await first.get_attribute("aria-label") or ""
        await first.click()
        await expect(self.view.locator(".booked")).to_be_visible()
        return name

    async def mark_visited(self) -> None:
        """Record that the patient came."""
        await self.show_card()
        await self.view.locator("#do-visited").click()
        await expect(self.view.locator(".booked")).to_have_count(0)


class Stage:
    """The rehearsal: phones, desk, clock."""

    def __init__(self, page: Page) -> None:
        """Hold the page."""
        self.page = page

    @classmethod
    async def set(cls, context: BrowserContext, site: str, lang: str = "en") -> "Stage":
        """Open the stage and wait until its frames show."""
        page = await context.new_page()
        await page.goto(f"{site}/?lang={lang}")
        stage = cls(page)
        await expect(stage.desk.view.locator(".side")).to_be_attached()
        return stage

    def phone(self, name: str) -> Patient:
        """The phone of a patient."""
        owner = self.page.locator(".phones li", has_text=name)
        return Patient(owner.frame_locator("iframe"))

    @property
    def desk(self) -> Colleague:
        """The desk's frame."""
        return Colleague(self.page.frame_locator(".screen iframe"))

    async def move(self, by: str) -> None:
        """Move the clock by "hour", "day" or to the "next" thing due, and wait until it has moved."""
        async with self.page.expect_response(lambda answer: urlsplit(answer.url).path == "/rehearsal/move"):
            await self.page.locator(f'.steps button[value="{by}"]').click()
        await expect(self.page.locator(".steps button").first).to_be_enabled()


async def context_of(browser: Browser, size: dict[str, int], **options: object) -> BrowserContext:
    """A person's own browser window of a size."""
    return await browser.new_context(viewport={"width": size["width"], "height": size["height"]}, **options)  # type: ignore[arg-type]  # as Playwright names them


async def overflows(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return bool(wide)


def exactly(label: str) -> re.Pattern[str]:
    """Match a whole label, whatever kind of spaces stand in it."""
    return re.compile(r"^\s*" + r"\s+".join(re.escape(word) for word in label.split()) + r"\s*$")
