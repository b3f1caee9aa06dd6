"""Other machines are asked, and never our own network."""

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.kernel.fetching import wire
from config.kernel.fetching.addresses import is_public
from config.kernel.fetching.errors import FetchFailed, Problem
from config.kernel.fetching.fetch import fetch
from config.kernel.fetching.target import read_target
from tests.support.receiver import receiver


@pytest.fixture
def machine(settings):
    with receiver() as here:
        settings.FETCH_INTERNAL_HOSTS = [here.host]
        yield here


@contextmanager
def that_says(*pieces: bytes, settings, pause: threading.Event | None = None):
    """A machine that sends `pieces`, the later ones as slowly as it likes."""
    listener = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    settings.FETCH_INTERNAL_HOSTS = [host]
    over = pause or threading.Event()

    def serve():
        wire, _ = listener.accept()
        with wire:
            try:
                wire.recv(65536)
                for piece in pieces:
                    wire.sendall(piece)
                    over.wait(0.05)
                over.wait(5 if pause else 0)
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://{host}/"
    finally:
        over.set()
        thread.join()
        listener.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.31.0.9", "192.168.7.7", "0.0.0.0",  # noqa: S104
        "100.127.255.254", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "198.18.0.1", "203.0.113.9", "224.0.0.251", "239.255.255.250", "255.255.255.255",
        "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::10.0.0.1", "fe80::1", "fe80::1%eth0",
        "fc00::7", "fd00:ec2::254", "ff02::1", "fec0::1", "64:ff9b::a00:1", "2002:a00:1::",
        "2001:0:a00:1::", "2001:db8::1", "100::1", "not an address", "",
    ],
)  # fmt: skip
def test_what_is_not_the_open_internet_is_told_apart(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2606:4700::1111", "2400::1"])
def test_the_open_internet_is_asked(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        # The same machine, written otherwise: what counts is where it leads.
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
        "https://127.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/",
        "https://LOCALHOST./", "https://１２７.０.０.１/", "https://①②⑦.⓪.⓪.①/",
        "https://0.0.0.0/", "https://[::ffff:7f00:1]/", "https://[::]/",
    ],
)  # fmt: skip
def test_no_way_of_writing_it_leads_into_our_own_network(url):
    """T80: a webhook address reaches no internal machine, however it is written."""
    with pytest.raises(FetchFailed) as refusal:
        fetch(url, seconds=5)
    assert refusal.value.problem in {Problem.NOT_PUBLIC, Problem.NO_SUCH_HOST}


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://example.org/", Problem.SCHEME),
        ("file:///etc/passwd", Problem.SCHEME),
        ("gopher://example.org/", Problem.SCHEME),
        ("http://example.org/", Problem.SCHEME),  # unless the installation allows it
        ("//example.org/", Problem.SCHEME),
        ("https://user@example.org/", Problem.ADDRESS),
        ("https://example.org\\@127.0.0.1/", Problem.ADDRESS),
        ("https://example.org/a\r\nX-Evil: 1", Problem.ADDRESS),
        ("https://example.org/\x00", Problem.ADDRESS),
        ("https://", Problem.ADDRESS),
        ("https://example.org:99999/", Problem.ADDRESS),
        ("https://[half", Problem.ADDRESS),
        ("https://" + "a" * 70 + ".example/", Problem.ADDRESS),
        ("https://example.org/" + "a" * 2000, Problem.ADDRESS),
        ("https://example.org:22/", Problem.PORT),
        ("https://example.org:6379/", Problem.PORT),
    ],
)
def test_only_plain_web_addresses_are_read(url, problem):
    with pytest.raises(FetchFailed) as refusal:
        read_target(url)
    assert refusal.value.problem == problem


def test_an_address_in_chinese_is_asked_as_machines_write_it():
    target = read_target("https://例子.example/回调?名=值&x=%2F#here")

    assert target.host == "xn--fsqu00a.example"
    assert target.path == "/%E5%9B%9E%E8%B0%83?%E5%90%8D=%E5%80%BC&x=%2F"


def test_a_named_internal_machine_is_asked_and_its_neighbours_are_not(machine):
    assert fetch(machine.url()).body == b"ok"
    assert machine.asked[0].headers["host"] == machine.host

    with pytest.raises(FetchFailed) as refusal:
        fetch(f"https://127.0.0.1:{machine.port + 1}/")
    assert refusal.value.problem == Problem.PORT


# T80
def test_a_redirect_is_an_answer_and_never_followed(machine):
    machine.status, machine.headers = 302, {"Location": machine.url("/secret")}

    assert fetch(machine.url("/start")).status == 302
    assert [one.path for one in machine.asked] == ["/start"]


# T80
def test_a_name_is_looked_up_once_and_asked_where_it_was_judged(machine, monkeypatch, settings):
    """A name server that says something else the second time is not asked a second time."""
    asked, real = [], socket.getaddrinfo

    def name_server(host, port, *more, **named):
        if host != "shop.example":
            return real(host, port, *more, **named)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    settings.FETCH_INTERNAL_HOSTS = [f"shop.example:{machine.port}"]
    monkeypatch.setattr(wire.socket, "getaddrinfo", name_server)

    assert fetch(f"http://shop.example:{machine.port}/").is_good
    assert asked == ["shop.example"]
    assert machine.asked[0].headers["host"] == f"shop.example:{machine.port}"


# T80
def test_a_name_that_leads_to_us_beside_the_open_internet_is_refused(monkeypatch):
    def name_server(_host, port, **_more):
        both = ("8.8.8.8", "10.0.0.7")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in both]

    monkeypatch.setattr(wire.socket, "getaddrinfo", name_server)

    with pytest.raises(FetchFailed) as refusal:
        fetch("https://shop.example/", seconds=1)
    assert refusal.value.problem == Problem.NOT_PUBLIC


def test_proxies_of_the_environment_are_not_asked(machine, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert fetch(machine.url()).is_good


def test_an_answer_that_is_too_large_is_refused_or_cut(machine):
    machine.body = b"x" * 5000

    with pytest.raises(FetchFailed) as refusal:
        fetch(machine.url(), max_bytes=4999)
    cut = fetch(machine.url(), max_bytes=100, cut=True)

    assert refusal.value.problem == Problem.TOO_LARGE
    assert (len(cut.body), cut.is_cut) == (100, True)
    assert len(fetch(machine.url(), max_bytes=5000).body) == 5000


def test_a_machine_that_says_nothing_does_not_hold_us(settings):
    """T54: no operation on a socket waits for ever."""
    with that_says(settings=settings, pause=threading.Event()) as url:
        began = monotonic()
        with pytest.raises(FetchFailed) as refusal:
            fetch(url, seconds=0.3)

    assert refusal.value.problem == Problem.TIMEOUT
    assert monotonic() - began < 2


def test_a_machine_that_drips_does_not_hold_us_either(settings):
    """T54: the time counts for the whole, not for each byte."""
    drips = [b"HTTP/1.1 200 OK\r\n", *[b"X-More: 1\r\n"] * 200]
    with that_says(*drips, settings=settings) as url:
        began = monotonic()
        with pytest.raises(FetchFailed) as refusal:
            fetch(url, seconds=0.4)

    assert refusal.value.problem == Problem.TIMEOUT
    assert monotonic() - began < 2


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (b"SSH-2.0-OpenSSH\r\n", Problem.BROKEN),
        (b"", Problem.BROKEN),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", Problem.BROKEN),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Problem.BROKEN),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, Problem.TOO_LARGE),
        (b"HTTP/1.1 100 Go\r\n\r\n" * 20_000, Problem.TOO_LARGE),
    ],
)
def test_what_is_no_http_is_refused(settings, said, problem):
    with that_says(said, settings=settings) as url, pytest.raises(FetchFailed) as refusal:
        fetch(url, seconds=5, max_bytes=1000)
    assert refusal.value.problem == problem


def test_a_machine_that_takes_no_connection_is_told_apart(settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.FETCH_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]

    with pytest.raises(FetchFailed) as refusal:
        fetch(f"http://127.0.0.1:{port}/")
    assert refusal.value.problem == Problem.REFUSED


def _certificate(folder):
    """One that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_certificate_must_be_valid_for_the_name_that_was_asked(settings, tmp_path):
    """The connection goes to an address that was judged; the name stays in the handshake."""
    context, names = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    context.load_cert_chain(_certificate(tmp_path))
    context.sni_callback = lambda _wire, name, _context: names.append(name)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    settings.FETCH_INTERNAL_HOSTS = [f"localhost:{port}"]

    def serve():
        wire, _ = listener.accept()
        try:
            context.wrap_socket(wire, server_side=True).close()
        except OSError:
            wire.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(FetchFailed) as refusal:
        fetch(f"https://localhost:{port}/", seconds=5)
    thread.join()
    listener.close()

    assert refusal.value.problem == Problem.TLS
    assert names == ["localhost"]
