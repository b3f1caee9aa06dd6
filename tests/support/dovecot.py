"""A real IMAP server for tests: Debian's dovecot, in a folder of its own, on a free port."""

import getpass
import imaplib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import PATIENCE

BINARY = shutil.which("dovecot") or (
    "/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None
)
MISSING = "no dovecot here: apt-get install dovecot-imapd"

CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{root}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def imap_server():
    """A running server; gives its port. Any user may log in with the password "secret"."""
    # Not in pytest's folder: every pytest that begins takes the way into it from all accounts
    # but its own, and a server started by root works under another.
    with (
        tempfile.TemporaryDirectory(prefix="huiyin", ignore_cleanup_errors=True) as root,
        _running(Path(root)) as port,
    ):
        yield port


@contextmanager
def _running(root: Path):
    if os.getuid() == 0:
        user, group, uid, gid = "dovecot", "dovecot", *_ids_of("dovecot")
        os.chown(root, uid, gid)
        root.chmod(0o711)
    else:
        user = group = getpass.getuser()
        uid, gid = os.getuid(), os.getgid()
    port = free_port()
    config = root / "dovecot.conf"
    config.write_text(
        CONFIG.format(root=root, user=user, group=group, uid=uid, gid=gid, port=port)
    )
    process = subprocess.Popen([BINARY, "-F", "-c", str(config)])
    try:
        _wait_for(port, process, root)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _ids_of(name: str) -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam(name)
    return entry.pw_uid, entry.pw_gid


def _wait_for(port: int, process, root: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=10).logout()
        except (OSError, imaplib.IMAP4.error):
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    log = root / "log"
    raise RuntimeError(log.read_text() if log.exists() else "dovecot did not start")


def deliver(port: int, user: str, raw: bytes, folder="INBOX") -> None:
    """Put a mail into the mailbox of `user`, as a mail server would."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=PATIENCE) as server:
        server.login(user, "secret")
        server.append(folder, None, None, raw)


@contextmanager
def signed_in(port: int, user: str):
    with imaplib.IMAP4("127.0.0.1", port, timeout=PATIENCE) as server:
        server.login(user, "secret")
        yield server


def flags(port: int, user: str) -> list[bytes]:
    with imaplib.IMAP4("127.0.0.1", port, timeout=PATIENCE) as server:
        server.login(user, "secret")
        server.select("INBOX", readonly=True)
        _, data = server.fetch("1:*", "(UID FLAGS)")
        return [line for line in data if line]


def unread(port: int, user: str) -> None:
    """Nothing is marked as read any more."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=PATIENCE) as server:
        server.login(user, "secret")
        server.select("INBOX")
        server.store("1:*", "-FLAGS", r"(\Seen)")
