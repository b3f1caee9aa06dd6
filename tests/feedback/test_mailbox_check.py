"""Settings of a mailbox are tried against a server, and what is wrong is said in plain words."""

import socket

import pytest

from feedback.channels import mailbox_check
from feedback.channels.mailbox_check import check_mailbox
from tests.factories import MailboxFactory
from tests.support.imap import imap_server  # noqa: F401

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
