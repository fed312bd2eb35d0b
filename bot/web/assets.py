"""Owns static files: style sheets, scripts, pictures, read once at start.

An address contains the digest of all files, so a browser may keep them for a year and never shows an old one;
nothing outside the given folders can be asked for.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

A_YEAR = "public, max-age=31536000, immutable"
# Said by us: what a machine's own tables say differs, and browsers refuse scripts of another type.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


class Assets:
    """The files of all `static` folders, each folder under its own name."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        """Read the files; `folders` tells the `static` folder behind each name."""
        self._files = {
            f"{name}/{path.name}": path.read_bytes()
            for name, folder in sorted(folders.items())
            for path in sorted(folder.iterdir())
            if path.suffix in MEDIA_TYPES
        }
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        self._digest = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Tell the address of a file such as "chat/chat.js". Raises KeyError for a file there is not."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self._digest}/{name}"

    def route(self) -> Route:
        """Make the route that serves the files."""
        return Route("/static/{digest}/{folder}/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        path = request.path_params
        content = self._files.get(f"{path['folder']}/{path['name']}")
        if content is None or path["digest"] != self._digest:
            raise HTTPException(404)
        media_type = MEDIA_TYPES[PurePath(path["name"]).suffix]
        return Response(content, headers={"content-type": media_type, "cache-control": A_YEAR})
