"""Owns how a call with a file is written: as a form of several parts, in one piece (RFC 7578).

Invariants: nothing that stands in a part can end it, for what divides parts is drawn by lot; a file's name is one line.
In one piece, because piece by piece costs a turn with a small file more than everything else it sends.
"""

import re
import secrets
from collections.abc import Iterator, Mapping

from bot.channels.telegram.calls import Upload

LOT_BYTES = 16


def write_form(fields: Mapping[str, str], upload: Upload) -> tuple[bytes, str]:
    """Write fields and a file; the form, and what kind of content it says it is."""
    boundary = secrets.token_hex(LOT_BYTES)
    return b"".join(_pieces(fields, upload, boundary)), f"multipart/form-data; boundary={boundary}"


def _pieces(fields: Mapping[str, str], upload: Upload, boundary: str) -> Iterator[bytes]:
    for name, value in fields.items():
        yield _bytes(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n')
    name = _quoted(upload.name or upload.field)
    yield _bytes(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{upload.field}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    yield upload.content
    yield _bytes(f"\r\n--{boundary}--\r\n")


def _quoted(name: str) -> str:
    return _CONTROL.sub(" ", name).replace("\\", "\\\\").replace('"', '\\"')


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
