"""The HTML side of an e-mail: the same words as its plain lines, one button, nothing that is loaded from anywhere.

Every value is escaped. Styles stand in attributes, for mail programs drop everything else.
"""

from collections.abc import Iterable
from html import escape

from bot.services.ports import OutgoingMail

PAGE = "margin:0;padding:24px 12px;background:#f4f6f7"
SHEET = (
    "max-width:34em;margin:0 auto;padding:28px 28px 20px;background:#ffffff;border-radius:8px;"
    "font-family:Georgia,'Times New Roman',serif;font-size:17px;line-height:1.5;color:#1d2b30"
)
PARAGRAPH = "margin:0 0 16px"
BUTTON_LINE = "margin:24px 0"
BUTTON = (
    "display:inline-block;padding:12px 22px;background:#0b5d66;color:#ffffff;border-radius:6px;"
    "font-family:Arial,Helvetica,sans-serif;font-size:16px;text-decoration:none"
)
SMALL = "margin:24px 0 0;padding:14px 0 0;border-top:1px solid #d5dde0;font-size:13px;line-height:1.45;color:#55646a"
LINK = "color:#55646a"


def html_of(mail: OutgoingMail) -> str:
    """Write the HTML of an e-mail."""
    small = "<br>".join([*map(escape, mail.small), *_stop(mail)])
    return "\n".join(
        [
            f'<!doctype html><html lang="{mail.language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(mail.subject)}</title></head>",
            f'<body style="{PAGE}"><div style="{SHEET}">',
            *_paragraphs(mail.before),
            f'<p style="{BUTTON_LINE}"><a href="{escape(mail.link)}" style="{BUTTON}">{escape(mail.button)}</a></p>',
            *_paragraphs(mail.after),
            f'<p style="{SMALL}">{small}</p>',
            "</div></body></html>",
            "",
        ]
    )


def _stop(mail: OutgoingMail) -> Iterable[str]:
    if mail.stop_link:
        yield f'<a href="{escape(mail.stop_link)}" style="{LINK}">{escape(mail.stop)}</a>'


def _paragraphs(texts: Iterable[str]) -> Iterable[str]:
    return (f'<p style="{PARAGRAPH}">{escape(text)}</p>' for text in texts)
