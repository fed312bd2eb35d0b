"""Formatted text: what parse modes mean, and what a messenger finds in plain text by itself.

Offsets and lengths count UTF-16 code units, as the Bot API counts them.
"""

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

Entity = dict[str, Any]

HTML_ENTITIES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
}
FOUND_BY_ITSELF = (
    ("bot_command", re.compile(r"(?<![\w/@])/\w{1,64}(?:@\w{3,32})?")),
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]*\w")),
    ("mention", re.compile(r"(?<![\w@])@\w{4,32}\b")),
)


class UnreadableFormatError(Exception):
    """The text is not written as its parse mode says."""


def units(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


class _Html(HTMLParser):
    """Reads the tags that the Bot API knows, and refuses any other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Entity] = []
        self.open: list[tuple[str, int, Entity]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin an entity."""
        if tag not in HTML_ENTITIES:
            raise UnreadableFormatError(f'can\'t parse entities: Unsupported start tag "{tag}"')
        entity: Entity = {"type": HTML_ENTITIES[tag]}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self.open.append((tag, units(self.text), entity))

    def handle_endtag(self, tag: str) -> None:
        """End the entity begun last."""
        if not self.open or self.open[-1][0] != tag:
            raise UnreadableFormatError(f'can\'t parse entities: Unexpected end tag "{tag}"')
        _, start, entity = self.open.pop()
        if length := units(self.text) - start:
            self.entities.append({"type": entity.pop("type"), "offset": start, "length": length, **entity})

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.text += data


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Turn HTML into text and its entities. Raises UnreadableFormatError."""
    reader = _Html()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise UnreadableFormatError(f"can't parse entities: Can't find end tag for \"{reader.open[-1][0]}\"")
    return reader.text, sorted(reader.entities, key=lambda each: (each["offset"], -each["length"]))


def formatted(params: Mapping[str, Any], text: str, entities_name: str) -> tuple[str, list[Entity]]:
    """Turn text as a bot sent it into text as it is shown, with its entities. Raises UnreadableFormatError.

    entities_name: "entities" or "caption_entities".
    """
    match params.get("parse_mode"):
        case "HTML":
            text, entities = parse_html(text)
        case None:
            entities = [dict(each) for each in params.get(entities_name, ())]
        case other:
            raise UnreadableFormatError(f"this server of tests does not read {other}: use HTML or entities")
    shown = text.rstrip()
    if any(each["offset"] + each["length"] > units(text) for each in entities):
        raise UnreadableFormatError("can't parse entities: an entity is longer than the text")
    return shown, entities or found(shown)


def found(text: str) -> list[Entity]:
    """Find what is an entity without being marked: commands, links, addresses, names."""
    entities = [
        {"type": kind, "offset": units(text[: each.start()]), "length": units(each.group())}
        for kind, pattern in FOUND_BY_ITSELF
        for each in pattern.finditer(text)
    ]
    return sorted(entities, key=lambda each: each["offset"])
