"""Promise 53: the one way out reaches public names over https only. Forty ways in, and nobody hears of it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from inleer import outgoing
from inleer.outgoing import NotAllowed, Unreachable, fetch, is_public

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Talk = Callable[[socket.socket], None]


@dataclass
class Listener:
    """Somebody who listens on this machine and counts who comes."""

    socket: socket.socket
    hits: int = 0
    answer: Talk = field(default=lambda peer: peer.sendall(OK))

    @property
    def port(self) -> int:
        port: int = self.socket.getsockname()[1]
        return port

    def run(self) -> None:
        while True:
            try:
                peer, _where = self.socket.accept()
            except OSError:
                return
            self.hits += 1
            with peer:
                peer.recv(10_000)
                self.answer(peer)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        found = Listener(made)
        threading.Thread(target=found.run, daemon=True).start()
        yield found
        made.shutdown(socket.SHUT_RDWR)


# PORT is where the listener is.
ADDRESSES = [
    "http://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://localhost/",
    "https://localhost:PORT/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://[::1]/",
    "https://[::1]:PORT/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://8.8.8.8/",
    "https://user:pass@127.0.0.1:PORT/",
    "https://login.example.nl@127.0.0.1:PORT/",
    "https://login.example.nl:PORT/",
    "https://login.example.nl:22/",
    "https://login.example.nl#@127.0.0.1:PORT/",
    "https://login.example.nl\\@127.0.0.1:PORT/",
    "https://login.example.nl\t.127.0.0.1:PORT/",
    "https://login.example.nl\r\nHost: 127.0.0.1:PORT",
    "https:127.0.0.1:PORT/",
    "https:///127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    "https://%6c%6f%63%61%6c%68%6f%73%74/",
    "https://metadata/",
    "https://example.nl.127/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_x",
    "http://login.example.nl/",
    "",
]


def test_there_are_forty_ways() -> None:
    assert len(set(ADDRESSES)) >= 40


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_leads_inside(address: str, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is even looked up or connected to."""
    asked: list[Any] = []

    def note(*arguments: Any, **_named: Any) -> list[Any]:
        asked.append(arguments)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", note)
    monkeypatch.setattr(socket, "create_connection", note)
    with pytest.raises(NotAllowed):
        fetch(address.replace("PORT", str(listener.port)))
    assert (asked, listener.hits) == ([], 0)


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "fe80::1%eth0",
    "x",
]


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_asked(
    address: str, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when only one of its addresses does."""
    names(monkeypatch, ["93.184.216.34", address])
    monkeypatch.setattr(outgoing, "PORT", listener.port)
    with pytest.raises(NotAllowed):
        fetch("https://login.example.nl/")
    assert listener.hits == 0


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let looking up a name give these answers, one after the other; returns what was looked up."""
    asked: list[str] = []

    def look_up(host: str, *_rest: Any, **_named: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(0, 0, 0, "", (address, 443)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_public_addresses_are_public() -> None:
    """The control: not everything is refused."""
    assert all(is_public(a) for a in ("93.184.216.34", "8.8.8.8", "2a02:898:1::1"))


def test_a_name_is_looked_up_once_and_that_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise the second time gains nothing."""
    asked, connected = names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"]), []

    def connect(where: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        fetch("https://login.example.nl/")
    assert asked == ["login.example.nl"] and connected == [("93.184.216.34", 443)]


def test_a_server_that_cannot_prove_its_name_is_not_spoken_to(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, ["93.184.216.34"])
    real = socket.create_connection
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda where, timeout: real(("127.0.0.1", listener.port), timeout),
    )
    with pytest.raises(Unreachable):
        fetch("https://login.example.nl/")


def local(listener: Listener) -> str:
    return f"http://127.0.0.1:{listener.port}"


def test_an_origin_that_is_allowed_by_name_answers(listener: Listener) -> None:
    """The control: this is how it looks when somebody is reached."""
    reply = fetch(f"{local(listener)}/jwks?x=1", local=local(listener))
    assert (reply.status, reply.body, listener.hits) == (200, b"ok", 1)


def test_no_other_local_address_is_allowed_with_it(listener: Listener) -> None:
    for address in (f"http://127.0.0.1:{listener.port + 1}/", f"http://localhost:{listener.port}/"):
        with pytest.raises(NotAllowed):
            fetch(address, local=local(listener))
    assert listener.hits == 0


def test_a_redirect_is_not_followed(listener: Listener) -> None:
    where = f"Location: {local(listener)}/inside"
    listener.answer = lambda peer: peer.sendall(f"HTTP/1.1 302 Found\r\n{where}\r\n\r\n".encode())
    with pytest.raises(Unreachable):
        fetch(f"{local(listener)}/", local=local(listener))
    assert listener.hits == 1


@pytest.mark.parametrize(("size", "fits"), [(outgoing.MOST_BYTES, True), (outgoing.MOST_BYTES + 1, False)])
def test_an_answer_is_at_most_64_kb(listener: Listener, size: int, fits: bool) -> None:
    listener.answer = lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * size)
    if fits:
        assert len(fetch(f"{local(listener)}/", local=local(listener)).body) == size
    else:
        with pytest.raises(Unreachable):
            fetch(f"{local(listener)}/", local=local(listener))


def test_who_drips_is_cut_off(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte is in time, all of them are not."""
    monkeypatch.setattr(outgoing, "SECONDS", 0.6)

    def drip(peer: socket.socket) -> None:
        try:
            for _n in range(100):
                peer.sendall(b"H")
                time.sleep(0.1)
        except OSError:
            return

    listener.answer = drip
    began = time.monotonic()
    with pytest.raises(Unreachable):
        fetch(f"{local(listener)}/", local=local(listener))
    assert time.monotonic() - began < 5


def test_settings_of_a_proxy_change_nothing(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, local(listener))
    names(monkeypatch, ["127.0.0.1"])
    with pytest.raises(NotAllowed):
        fetch("https://login.example.nl/")
    assert listener.hits == 0
