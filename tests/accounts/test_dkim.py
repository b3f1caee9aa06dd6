"""Mail that we sign is judged by a verifier that knows nothing of the signer."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.conf import settings as product
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.enums import OutgoingKind, OutgoingState
from accounts.outbox.mime import compose
from accounts.outbox.signing import check_keys, signed, signer_of
from accounts.rules.dkim import KeyNotUsable, read_signer
from accounts.selectors.watching import mail_can_leave
from accounts.services.outbox import queue_mail
from accounts.tasks import send_due_mail
from tests.support.dkim_judge import signature_holds

pytestmark = pytest.mark.django_db


def pem(key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def rsa_key():
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def keys(settings, tmp_path, rsa_key):
    """One key of each kind for huiyin.test, as (settings' entries, folder)."""
    (tmp_path / "rsa.pem").write_bytes(pem(rsa_key))
    (tmp_path / "ed.pem").write_bytes(pem(Ed25519PrivateKey.generate()))
    settings.MAIL_DKIM_KEYS = [
        f"huiyin.test:r1:{tmp_path / 'rsa.pem'}",
        f"huiyin.test:e1:{tmp_path / 'ed.pem'}",
    ]
    return settings.MAIL_DKIM_KEYS


def promise(**more):
    given = {
        "kind": OutgoingKind.SURVEY,
        "tag": "t7",
        "to_address": "han@example.org",
        "from_address": "help@huiyin.test",
        "from_name": "回音服务",
        "subject": "关于净水器漏水的反馈",
        "body_text": "您好，\n\n.明天  上门。 \n\n\n",
        "headers": {"List-Unsubscribe": "<https://huiyin.test/a/1-x/unsubscribe/>"},
    }
    return queue_mail(**given | more)


def holds(raw: bytes, which: int) -> bool:
    """Whether this signature is good, by the records that we tell people to publish."""
    records = {one.dns_name: one.dns_text for one in map(signer_of, product.MAIL_DKIM_KEYS)}
    return signature_holds(raw, which, records)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"body_text": "", "body_html": "<p>净水器  <b>漏水</b></p>"},
        {"body_text": "plain \t words\n" * 90, "subject": "plain", "from_name": "Huiyin"},
    ],
)
def test_both_signatures_hold_for_whatever_we_send(keys, which, more):
    message = promise(**more)

    assert holds(signed(message, compose(message)), which)


def test_a_mail_with_attachments_is_signed_as_a_whole(keys):
    path = default_storage.save("x/photo", ContentFile(bytes(range(256)) * 9))
    message = promise(
        attachments=[{"path": path, "name": "照片.jpg", "content_type": "image/jpeg"}]
    )
    raw = signed(message, compose(message))

    assert holds(raw, 0)
    assert not holds(raw.replace(b"AAECAwQ", b"BBECAwQ"), 0)


@pytest.mark.parametrize("added", [b"From: boss@huiyin.test\r\n", b"Subject: x\r\n"])
def test_nobody_can_add_a_second_sender_or_subject(keys, added):
    message = promise()
    raw = signed(message, compose(message))
    at = raw.index(b"\r\nFrom:") + 2

    # In front of ours, where most programs look.
    assert not holds(raw[:at] + added + raw[at:], 0)


def test_a_mail_sent_again_is_the_same_bytes(keys):
    message = promise()
    first = signed(message, compose(message))
    message.refresh_from_db()

    assert signed(message, compose(message)) == first


def test_only_mail_of_the_domain_and_those_below_is_signed(keys):
    ours, below, foreign = (
        promise(from_address=one)
        for one in ("a@huiyin.test", "a@Shop.huiyin.test", "a@nothuiyin.test")
    )

    for message, count in ((ours, 2), (below, 2), (foreign, 0)):
        assert signed(message, compose(message)).count(b"DKIM-Signature:") == count


def test_what_arrives_at_the_server_holds(keys, smtp_server):
    promise(body_text=".\n..dots\n")

    send_due_mail()

    assert holds(smtp_server.taken[0].raw, 0)


def test_mail_waits_for_a_key_that_is_gone(settings, keys, smtp_server, tmp_path):
    (tmp_path / "rsa.pem").rename(tmp_path / "away")
    message = promise()

    send_due_mail()
    message.refresh_from_db()
    assert message.state == OutgoingState.RETRY
    assert "rsa.pem cannot be read" in message.answer
    assert smtp_server.taken == []

    settings.MAIL_DKIM_OPTIONAL = True
    assert signed(message, compose(message)).count(b"DKIM-Signature:") == 1


def test_a_key_that_is_gone_holds_up_mail_of_its_own_domain_only(
    keys, smtp_server, tmp_path, capsys
):
    keys.append(f"Broken.test:b1:{tmp_path / 'gone.pem'}")
    waits, leaves = promise(from_address="help@broken.test"), promise(to_address="b@example.org")

    send_due_mail()

    waits.refresh_from_db()
    leaves.refresh_from_db()
    assert (waits.state, leaves.state) == (OutgoingState.RETRY, OutgoingState.SENT)
    call_command("mail_queue")
    said = capsys.readouterr().out
    assert "Mail from broken.test waits (1 in all)." in said
    assert "gone.pem cannot be read" in said
    assert mail_can_leave().detail == said.strip()


def test_each_broken_key_is_said_at_the_start(settings, tmp_path, rsa_key, monkeypatch):
    monkeypatch.setattr("accounts.rules.dkim.SMALLEST_RSA", 4096)
    (tmp_path / "no.pem").write_text("certainly not a key")
    (tmp_path / "small.pem").write_bytes(pem(rsa_key))
    settings.MAIL_DKIM_KEYS = [
        "huiyin.test",
        f"huiyin.test:s1:{tmp_path / 'gone.pem'}",
        f"huiyin.test:s1:{tmp_path / 'no.pem'}",
        f"huiyin.test:s1:{tmp_path / 'small.pem'}",
        f"huiyin test:s1:{tmp_path / 'no.pem'}",
    ]

    said = [one.msg for one in check_keys()]

    assert "not of the form domain:selector:file" in said[0]
    assert "cannot be read" in said[1]
    assert "not a private key" in said[2]
    assert "2048 bits are too few" in said[3]
    assert "cannot stand in the DNS" in said[4]


def test_a_locked_key_is_refused_in_plain_words():
    locked = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
    )
    with pytest.raises(KeyNotUsable, match="locked with a password"):
        read_signer("huiyin.test", "s1", locked)


def test_the_records_for_the_dns_are_printed(keys, settings, capsys):
    call_command("dkim_records")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith('r1._domainkey.huiyin.test. IN TXT ( "v=DKIM1; k=rsa; p=')
    assert lines[1].startswith('e1._domainkey.huiyin.test. IN TXT ( "v=DKIM1; k=ed25519; p=')

    settings.MAIL_DKIM_KEYS = []
    with pytest.raises(CommandError, match="not signed"):
        call_command("dkim_records")
