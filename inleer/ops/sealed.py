"""Files that are encrypted and sealed in pieces, so that a copy of any size needs little memory.

Each piece of 1 MiB is encrypted with AES-256-GCM. Its nonce holds the piece's number and whether it is the last one
(the STREAM construction), and the header is authenticated with every piece: a changed, missing, repeated or swapped
byte anywhere is found. The key is derived from INLEER_SECRET_KEY with a random salt per file.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from inleer.errors import InleerError

MAGIC = b"INLEER-BACKUP-1\n"
SALT, PREFIX, PIECE, TAG = 16, 7, 1024 * 1024, 16


class Unreadable(InleerError):
    """The file is no back-up, is damaged, or was sealed with another key; a Dutch sentence says so."""


def _cipher(secret: str, salt: bytes) -> AESGCM:
    # The secret has at least 32 random characters (config.check_secret), so no slow hash is needed.
    return AESGCM(HKDF(SHA256(), 32, salt, b"inleer back-up").derive(secret.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Sealing(io.RawIOBase):
    """Writes a sealed file to ``target``; ``close`` writes the last piece and leaves ``target`` open."""

    def __init__(self, target: BinaryIO, secret: str) -> None:
        """Write the header."""
        self._target = target
        self._header = MAGIC + secrets.token_bytes(SALT + PREFIX)
        self._cipher = _cipher(secret, self._header[len(MAGIC) : -PREFIX])
        self._waiting = bytearray()
        self._number = 0
        target.write(self._header)

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Seal what fills whole pieces, keep the rest."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Seal the rest as the last piece."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()

    def _seal(self, piece: bytes, last: bool) -> None:
        nonce = _nonce(self._header[-PREFIX:], self._number, last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1


class Opening(io.RawIOBase):
    """Reads a sealed file from ``source`` with the first of ``keys`` that fits. Raises Unreadable."""

    def __init__(self, source: BinaryIO, keys: Sequence[str]) -> None:
        """Read the header and the first piece."""
        self._source = source
        self._header = source.read(len(MAGIC) + SALT + PREFIX)
        if len(self._header) != len(MAGIC) + SALT + PREFIX or not self._header.startswith(MAGIC):
            raise Unreadable("Dit bestand is geen back-up van inleer.")
        self._number = 0
        self._ahead = source.read(PIECE + TAG)
        self._ready = b""
        self._cipher = self._fitting(keys)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with checked content."""
        while not self._ready and self._ahead:
            self._open_next()
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _fitting(self, keys: Sequence[str]) -> AESGCM:
        salt = self._header[len(MAGIC) : -PREFIX]
        last = len(self._ahead) < PIECE + TAG or not self._source.peek(1)  # type: ignore[attr-defined]
        for key in keys:
            cipher = _cipher(key, salt)
            try:
                cipher.decrypt(_nonce(self._header[-PREFIX:], 0, last), self._ahead, self._header)
            except InvalidTag:
                continue
            return cipher
        raise Unreadable(
            "Deze back-up is beschadigd, of gemaakt met een andere INLEER_SECRET_KEY. Zet de oude sleutel in"
            " INLEER_SECRET_KEY_FALLBACKS en probeer het opnieuw."
        )

    def _open_next(self) -> None:
        piece, self._ahead = self._ahead, self._source.read(PIECE + TAG)
        nonce = _nonce(self._header[-PREFIX:], self._number, last=not self._ahead)
        try:
            self._ready = self._cipher.decrypt(nonce, piece, self._header)
        except InvalidTag as error:
            raise Unreadable("Deze back-up is beschadigd of niet compleet.") from error
        self._number += 1
