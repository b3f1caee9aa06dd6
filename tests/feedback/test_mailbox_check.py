"""Settings of a mailbox are tried against a server, and what is wrong is said in plain words."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from feedback.channels import mailbox_check
from feedback.channels.email.imap import connected
from feedback.channels.mailbox_check import check_mailbox
from feedback.rules.mail_providers import PROVIDERS, provider_of
from tests.factories import MailboxFactory
from tests.support.imap import imap_server  # noqa: F401
from tests.support.processes import PATIENCE
from tests.support.smtp import smtp_server  # noqa: F401

pytestmark = pytest.mark.django_db


def mailbox(server, **more):
    given = {
        "imap_host": "127.0.0.1",
        "imap_port": server.port,
        "imap_tls": False,
        "username": "support",
        "password": "right",
    }
    return MailboxFactory(**given | more)


def last(steps):
    return steps[-1]


def test_right_settings_pass_every_step(imap_server):  # noqa: F811
    imap_server.wants_id = True

    steps = check_mailbox(mailbox(imap_server))

    assert [step.is_ok for step in steps] == [True, True, True]
    assert "3 mails" in last(steps).text
    assert "SELECT" not in imap_server.commands  # opened for reading only
    assert imap_server.commands[-1] == "LOGOUT"


def test_a_wrong_password_is_said(imap_server):  # noqa: F811
    steps = check_mailbox(mailbox(imap_server, password="wrong"))

    assert [step.is_ok for step in steps] == [True, False]
    assert "does not accept the user name and password" in last(steps).text
    assert "authorization code" not in last(steps).text


@pytest.mark.parametrize(
    ("server", "address", "name"),
    [
        ("imap.exmail.qq.com", "help@acme.cn", "exmail"),
        ("imap.qiye.163.com", "help@163.com", "netease"),
        ("imap.qiye.aliyun.com", "help@acme.cn", "qiye_aliyun"),
        ("imap.aliyun.com", "help@aliyun.com", "aliyun"),
        ("mail.acme.cn", "help@not-qq.com", None),
    ],
)
def test_an_enterprise_is_not_taken_for_personal_accounts(server, address, name):
    assert provider_of(server, (address,)) is (PROVIDERS[name] if name else None)


def test_sending_is_tried_without_a_mail_where_a_server_is_set(settings, smtp_server):  # noqa: F811
    settings.SMTP_IS_SET = True

    good = last(check_mailbox(MailboxFactory(address="help@x.cn")))
    smtp_server.wants_login = True
    bad = last(check_mailbox(MailboxFactory(address="sales@x.cn")))

    assert (good.is_ok, bad.is_ok) == (True, False)
    assert "does not send mail from sales@x.cn: 530" in bad.text
    assert smtp_server.taken == []


def test_the_poll_introduces_itself_also_where_nobody_asks_before_signing_in(imap_server):  # noqa: F811
    imap_server.wants_id, imap_server.capabilities = True, "IMAP4rev1"

    box = mailbox(imap_server)
    with connected(box):
        pass  # the folder was opened
    assert check_mailbox(box)[-1].is_ok


def test_the_poll_believes_no_certificate_that_nobody_vouches_for(tmp_path):
    with tls_server(tmp_path) as port:
        box = MailboxFactory(imap_host="127.0.0.1", imap_port=port, password="secret")
        with pytest.raises(ssl.SSLCertVerificationError), connected(box):
            pass


@contextmanager
def tls_server(folder):
    """On loopback, with a certificate that it made itself; yields its port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    kept = folder / "server.pem"
    kept.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept)

    def greet(listening):
        with (
            suppress(OSError),
            listening.accept()[0] as plain,
            context.wrap_socket(plain, server_side=True) as secure,
        ):
            secure.sendall(b"* OK ready\r\n")
            secure.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=greet, args=[listening])
        thread.start()
        yield listening.getsockname()[1]
        thread.join(PATIENCE)


@pytest.mark.parametrize("username", ["me@163.com", "12345@qq.com", "me@vip.126.com"])
def test_providers_that_want_a_code_are_known(imap_server, username):  # noqa: F811
    steps = check_mailbox(mailbox(imap_server, username=username, password="wrong"))

    assert "授权码" in last(steps).text


def test_a_missing_folder_is_said(imap_server):  # noqa: F811
    steps = check_mailbox(mailbox(imap_server, folder="Nowhere"))

    assert "“Nowhere” cannot be opened" in last(steps).text


def test_no_password_is_said_before_the_server_is_bothered(imap_server):  # noqa: F811
    steps = check_mailbox(mailbox(imap_server, password=""))

    assert "No password is stored" in last(steps).text
    assert "LOGIN" not in imap_server.commands


def test_tls_where_there_is_none_is_said(imap_server):  # noqa: F811
    steps = check_mailbox(mailbox(imap_server, imap_tls=True))

    assert last(steps).is_ok is False
    assert "993 with TLS" in last(steps).text


def test_nobody_listening_is_said():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        steps = check_mailbox(
            MailboxFactory(
                imap_host="127.0.0.1", imap_port=nobody.getsockname()[1], imap_tls=False
            )
        )

    assert "refuses a connection" in last(steps).text


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(mailbox_check, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        steps = check_mailbox(
            MailboxFactory(
                imap_host="127.0.0.1", imap_port=silent.getsockname()[1], imap_tls=False
            )
        )

    assert "does not answer" in last(steps).text


def test_a_mailbox_that_is_piped_into_needs_no_server():
    steps = check_mailbox(MailboxFactory())

    assert [step.is_ok for step in steps] == [True]
