"""Sealing what tells who a person is: AES-256-GCM, the key's id in the sealed text, the place bound to it.

A key ring is a JSON file `{"current": ID, "keys": {ID: 32 bytes in base 64}, "index": 32 bytes in base 64}`. New texts
are sealed with the current key; older keys only open, until `rotate-keys` has sealed everything anew. `index` keys the
digests by which a number is found again without opening anything.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from openpoems.errors import OpenpoemsError

_NONCE_BYTES = 12


class VaultError(OpenpoemsError):
    """A key ring that cannot be used, or a sealed text that no key of it opens."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; `current` seals."""

    current: str
    keys: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    def seal(self, text: str, place: str) -> str:
        """The sealed text, `KEY_ID:BASE64`; "" stays "". `place` (`PSEUDONYM.field`) must be said again to open it."""
        if not text:
            return ""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), place.encode())
        return f"{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text that was sealed for this place. Raises `VaultError`."""
        if not sealed:
            return ""
        key_id, _, body = sealed.partition(":")
        if key_id not in self.keys:
            raise VaultError(f"{place}: sealed with key {key_id!r}, which the key ring does not hold")
        raw = base64.b64decode(body)
        try:
            opened = AESGCM(self.keys[key_id]).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise VaultError(f"{place}: the sealed text was changed, or belongs elsewhere") from None
        return opened.decode()

    def digest(self, text: str, place: str) -> str:
        """A keyed digest by which the same text at the same place is found again; "" for ""."""
        if not text:
            return ""
        return hmac.new(self.index, f"{place}\x1f{text}".encode(), hashlib.sha256).hexdigest()


def new_key_ring() -> KeyRing:
    """A ring with one fresh key."""
    key_id = secrets.token_hex(4)
    return KeyRing(key_id, {key_id: AESGCM.generate_key(256)}, secrets.token_bytes(32))


def with_new_key(ring: KeyRing) -> KeyRing:
    """The ring with a fresh current key; the older ones still open."""
    key_id = secrets.token_hex(4)
    return KeyRing(key_id, {**ring.keys, key_id: AESGCM.generate_key(256)}, ring.index)


def write(ring: KeyRing, path: Path) -> None:
    """Write the ring so that only its owner reads it, whole or not at all."""
    document = {
        "current": ring.current,
        "keys": {key_id: base64.b64encode(key).decode() for key_id, key in ring.keys.items()},
        "index": base64.b64encode(ring.index).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read(path: Path) -> KeyRing:
    """Read a ring. Raises `VaultError` where there is none or it is not one."""
    try:
        document = json.loads(path.read_text("utf-8"))
        keys = {key_id: base64.b64decode(key) for key_id, key in document["keys"].items()}
        ring = KeyRing(document["current"], keys, base64.b64decode(document["index"]))
    except FileNotFoundError:
        raise VaultError(f"{path}: there is no key ring; `openpoems site migrate` makes one, once") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise VaultError(f"{path}: this is no key ring; restore it from its backup") from None
    if ring.current not in ring.keys:
        raise VaultError(f"{path}: the current key is missing; restore the ring from its backup")
    return ring


def vault() -> KeyRing:
    """The site's key ring, read again when its file changed."""
    path = Path(settings.KEY_RING)
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        stamp = 0
    return _read_once(path, stamp)


@cache
def _read_once(path: Path, stamp: int) -> KeyRing:
    return read(path)
