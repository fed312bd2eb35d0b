"""The keys of a clinic's ledger, by version: for the hashes of addresses in it, and for the seals of its checkpoints.

A newer key is used from the moment it is there; what older keys hashed and sealed stays verifiable under them.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flows.vocabulary import Channel

FIRST_VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressHash:
    """The keyed hash of an address, and the version of the key."""

    value: bytes
    key_version: int


class LedgerKeys:
    """The keys of one clinic's ledger."""

    def __init__(self, derive: Callable[[str], bytes], newest: int) -> None:
        """Take `derive`, which makes the clinic's key for a purpose, and the version to be used from now on."""
        if newest < FIRST_VERSION:
            raise ValueError(f"the ledger's keys are counted from {FIRST_VERSION}, not from {newest}")
        self.newest = newest
        self._derive = derive
        self._keys: dict[str, bytes] = {}

    def address(self, channel: Channel, value: str) -> AddressHash:
        """Hash an address (chat id, mailbox, E.164 number) with the newest key."""
        return self._address(channel, value, self.newest)

    def addresses(self, channel: Channel, value: str) -> tuple[AddressHash, ...]:
        """Hash an address with every key there ever was, so that it is found however old the entry is."""
        return tuple(self._address(channel, value, version) for version in range(FIRST_VERSION, self.newest + 1))

    def seal(self, version: int) -> hmac.HMAC:
        """Begin the seal (HMAC-SHA-256) of a checkpoint with the key of a version, which may be an older one."""
        return hmac.new(self._key("checkpoint", version), digestmod=hashlib.sha256)

    def _address(self, channel: Channel, value: str, version: int) -> AddressHash:
        hashed = hmac.digest(self._key("address", version), f"{channel}:{value}".encode(), hashlib.sha256)
        return AddressHash(value=hashed, key_version=version)

    def _key(self, use: str, version: int) -> bytes:
        purpose = f"ledger/{use}/{version}"
        if (key := self._keys.get(purpose)) is None:
            key = self._keys[purpose] = self._derive(purpose)
        return key
