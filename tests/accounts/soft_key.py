"""A security key in software: what browser and authenticator do together (WebAuthn level 3), and lies they tell."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

ORIGIN = "https://localhost"
PRESENT, ATTESTED = 0x01, 0x40


@dataclass
class SoftKey:
    """One key. ``origin`` is the site on which its browser says to be."""

    origin: str = ORIGIN
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        self.private = generate_private_key(SECP256R1())

    def make(self, options: str) -> str:
        """Answer ``navigator.credentials.create``."""
        asked = json.loads(options)
        client = self._client("webauthn.create", asked["challenge"])
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self._cose()
        data = self._data(asked["rp"]["id"], PRESENT | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(client, attestationObject=bytes_to_base64url(attestation), transports=["usb"])

    def sign(self, options: str) -> str:
        """Answer ``navigator.credentials.get``."""
        asked = json.loads(options)
        self.count += 1
        client, data = self._client("webauthn.get", asked["challenge"]), self._data(asked["rpId"], PRESENT)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._credential(
            client, authenticatorData=bytes_to_base64url(data), signature=bytes_to_base64url(signature)
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _cose(self) -> bytes:
        point = self.private.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (point.x, point.y))
        return bytes(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))

    def _credential(self, client: bytes, **response: Any) -> str:
        id_ = bytes_to_base64url(self.id)
        answer = {"clientDataJSON": bytes_to_base64url(client), **response}
        made = {
            "id": id_,
            "rawId": id_,
            "type": "public-key",
            "response": answer,
            "clientExtensionResults": {},
        }
        return json.dumps(made)
