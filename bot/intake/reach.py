"""Owns whether a messenger can bring updates to the address of a house, as far as `clinic.toml` alone tells.

Telegram brings them over https to four ports (core.telegram.org/bots/api#setwebhook). Where both ends are on this
machine nobody listens in, and a Bot API server there brings them anywhere.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings.values import LOOPBACK

PORTS = (443, 80, 88, 8443)
PORT_OF_HTTPS = 443


@dataclass(frozen=True, kw_only=True, slots=True)
class OutOfBounds:
    """Why nothing can be brought to an address, and what helps; both begin in lower case."""

    says: str
    remedy: str


def out_of_bounds(public_url: str, api_base: str) -> OutOfBounds | None:
    """Tell why the Bot API server at `api_base` cannot bring updates to `public_url`; None if it can."""
    there = urlsplit(public_url)
    if there.hostname in LOOPBACK and urlsplit(api_base).hostname in LOOPBACK:
        return None
    if there.scheme != "https":
        return OutOfBounds(
            says=f"[web] public_url is {public_url}, and updates are brought over https:// only",
            remedy="let it be an https:// address; plain http only where it and [telegram] api_base are this machine",
        )
    if (there.port or PORT_OF_HTTPS) not in PORTS:
        return OutOfBounds(
            says=f"[web] public_url is {public_url}, and updates are brought to ports 443, 80, 88 and 8443 only",
            remedy="let it have one of these ports, or none, which is 443",
        )
    return None
