"""Owns how a page is made: templates, their words and looks, the reader's language.

Every value is escaped; a name no template was given stops the page; a fragment that has not changed is not sent again.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.services.ports import Clock
from bot.web.assets import Assets
from bot.web.words import Clinic, PageText, PageWords
from flows.vocabulary import Language

OWN_FOLDER = Path(__file__).parent


class Pages:
    """Makes pages for whoever has routes."""

    def __init__(self, *, folders: Mapping[str, Path], words: PageWords, clinic: Clinic, clock: Clock) -> None:
        """Load templates and static files.

        `folders` tells, by the name templates use ("chat", "desk"), a folder with `templates` and `static` in it; our
        own is "web".
        """
        all_folders = {"web": OWN_FOLDER, **folders}
        self.assets = Assets({name: folder / "static" for name, folder in all_folders.items()})
        self.clinic = clinic
        self._words = words
        self._clock = clock
        self._zone = ZoneInfo(clinic.zone)
        self._templates = Environment(
            loader=PrefixLoader({name: FileSystemLoader(folder / "templates") for name, folder in all_folders.items()}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters["whole_numbers"] = _whole_numbers
        self._templates.globals.update(
            static=self.assets.url, clinic_tel=_telephone(clinic.phone), languages=tuple(Language)
        )

    def words(self, language: Language) -> PageText:
        """Give the words of a language as of now."""
        return self._words.page(language, self._clock.now())

    def language(self, request: Request) -> Language:
        """Choose a stranger's language: the address's `lang`, the browser's wishes, the clinic's own."""
        asked = [request.query_params.get("lang", ""), *_wishes(request.headers.get("accept-language", ""))]
        known = {language.value: language for language in Language}
        return next((known[wish] for wish in asked if wish in known), self.clinic.language)

    def html(
        self, request: Request, template: str, /, *, language: Language, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Make a page from a template such as "chat/chat.html"."""
        return HTMLResponse(self._render(request, template, language, values), status_code=status)

    def fragment(self, request: Request, template: str, /, *, language: Language, **values: object) -> Response:
        """Make a part of a page; answers 304 when the asker has it already."""
        body = self._render(request, template, language, values)
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return HTMLResponse(body, headers={"etag": tag})

    def _render(self, request: Request, template: str, language: Language, values: Mapping[str, object]) -> str:
        now = self._clock.now()
        text = self._words.page(language, now)

        def local_day(at: datetime) -> str:
            return at.astimezone(self._zone).date().isoformat()

        def day_name(at: datetime) -> str:
            distance = (now.astimezone(self._zone).date() - at.astimezone(self._zone).date()).days
            return text(NEAR_DAYS[distance]) if distance in NEAR_DAYS else text.show(at, "day")

        def brief(at: datetime) -> str:
            return text.show(at, "time" if local_day(at) == local_day(now) else "short")

        return self._templates.get_template(template).render(
            t=text,
            clinic=self.clinic.named(language),
            language=language,
            form_token=request.state.form_token,
            today=local_day(now),
            local_day=local_day,
            day_name=day_name,
            brief=brief,
            **values,
        )


TELEPHONE = re.compile(r"(?<!\w)(?:\+\d|0)[\d()]*(?: \(?\d+\)?){2,6}")
"""A number as people write it: it begins with + or 0 and comes in groups."""

NEAR_DAYS = {0: "page.today", 1: "page.yesterday"}


def _telephone(number: str) -> str:
    """Write a number as a link (RFC 3966)."""
    return "tel:" + "".join(sign for sign in number if sign.isdecimal() or sign == "+")


def _whole_numbers(text: str) -> str:
    """Keep a telephone number in a text from breaking over two lines."""
    return TELEPHONE.sub(lambda found: found.group().replace(" ", "\N{NO-BREAK SPACE}"), text)


def _wishes(header: str) -> list[str]:
    """Read `Accept-Language` (RFC 9110, 12.5.4) into primary languages, the dearest first."""
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            value = float(weight) if weight else 1.0
        except ValueError:
            continue
        if value > 0:
            weighed.append((-value, place, tag.partition("-")[0].lower()))
    return [language for _, _, language in sorted(weighed)]
