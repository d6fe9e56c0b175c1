"""The one way out: every HTTP request of inleer itself goes through :func:`fetch` (promise 53). Mail has its own way.

https on port 443 to a public name, looked up once, and connected to exactly the address that was found and judged; no
redirects, no proxies of the environment, 5 seconds for all of it, 64 kB.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

SECONDS = 5.0
MOST_BYTES = 64 * 1024
PORT = 443
#: A name in the public DNS: at least two labels, and the last is no number, so that no address hides in it.
_NAME = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\Z")
#: Letters, digits and signs of RFC 3986, but no brackets (an IPv6 address), no @ (a user) and no % before the path.
_URL = re.compile(r"https?://[A-Za-z0-9.:-]+([/?][A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?\Z")
#: Inside of these an IPv4 address is reached: mapped, compatible, translated (NAT64), 6to4, Teredo.
_WRAPPED = tuple(
    ip_network(n)
    for n in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class NotAllowed(Exception):
    """Nothing was sent: the address is none that may be asked. The text says why, in English, for the log."""


class Unreachable(Exception):
    """There was no usable answer: no connection, too late, too long, or another address instead of an answer."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes


def fetch(
    url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None, local: str = ""
) -> Reply:
    """GET ``url``, or POST ``data`` to it. Raises NotAllowed or Unreachable.

    ``local`` is an origin on this machine, as http://127.0.0.1:9400, that may be asked as well: for development.
    """
    parts = check(url, local)
    deadline = time.monotonic() + SECONDS
    if local and f"{parts.scheme}://{parts.netloc}" == local:
        connection = _open("127.0.0.1", parts.port or 80, deadline)
    else:
        host = parts.hostname or ""
        raw = _open(resolve(host), PORT, deadline)
        connection = _encrypted(raw, host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = threading.Timer(max(deadline - time.monotonic(), 0.01), _cut, [connection])
    watch.start()
    try:
        return _exchange(connection, parts.netloc, target, data, headers or {})
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        watch.cancel()
        connection.close()


def check(url: str, local: str = "") -> SplitResult:
    """The parts of an address that may be asked, as far as the address itself says. Raises NotAllowed."""
    if not _URL.match(url):
        raise NotAllowed("no plain address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("no plain address") from error
    if local and f"{parts.scheme}://{parts.netloc}" == local:
        return parts
    if parts.scheme != "https" or port not in (None, PORT):
        raise NotAllowed("only https on port 443")
    if not _NAME.match(parts.netloc.removesuffix(f":{PORT}").lower()):
        raise NotAllowed("no public name")
    return parts


def resolve(host: str) -> str:
    """The address of a name, looked up once. Raises NotAllowed when any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("no such name") from error
    addresses = [str(row[4][0]) for row in found]
    for address in addresses:
        if not is_public(address):
            raise NotAllowed("the name leads to an address that is not public")
    if not addresses:
        raise Unreachable("no address")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet, and holds no other address inside."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (
        address.is_site_local or any(address in network for network in _WRAPPED)
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_link_local)


def _open(address: str, port: int, deadline: float) -> socket.socket:
    try:
        return socket.create_connection((address, port), timeout=max(deadline - time.monotonic(), 0.01))
    except OSError as error:
        raise Unreachable(type(error).__name__) from error


def _encrypted(raw: socket.socket, host: str) -> socket.socket:
    """The same connection, encrypted, to who proves to be ``host``."""
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except OSError as error:
        raw.close()
        raise Unreachable(type(error).__name__) from error


def _exchange(
    connection: socket.socket, host: str, target: str, data: bytes | None, headers: Mapping[str, str]
) -> Reply:
    client = http.client.HTTPConnection(host)
    client.sock = connection  # the one that was judged; nothing is looked up again
    client.auto_open = 0
    sent = {"Host": host, "Accept-Encoding": "identity", "Connection": "close", **headers}
    client.request("GET" if data is None else "POST", target, data, sent)
    answer = client.getresponse()
    if 300 <= answer.status < 400:
        raise ValueError("a redirect")
    body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise ValueError("too long")
    return Reply(answer.status, body)


def _cut(connection: socket.socket) -> None:
    """End a connection that takes too long, whatever it is doing."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it ended meanwhile
