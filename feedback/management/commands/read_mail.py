import json
import time
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.channels.email.parse import parse_mail
from feedback.channels.email.parsed import MailKind, ParsedMail, Verdict
from feedback.channels.email.safe_html import safe_html
from feedback.channels.email.verdict import judge
from feedback.channels.email.visible_reply import visible_reply

# What test mails bear in place of the number of the installation that reads them.
ANY_INSTANCE = "{{instance_id}}"
KINDS = {MailKind.HUMAN: "normal", MailKind.DISPOSITION: "mdn"}


class Command(BaseCommand):
    help = (
        "Reads mails from files and writes what was understood, a line of JSON for each: to "
        "prove the reading against mails of your own. INDEX has lines with `id` and `file`, "
        "which is relative to --base. Nothing is stored; no database is needed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("index", type=Path, metavar="INDEX.jsonl")
        parser.add_argument("--base", type=Path, default=Path(), metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="RESULTS.jsonl")
        parser.add_argument(
            "--instance",
            default=ANY_INSTANCE,
            metavar="ID",
            help="the INSTANCE_ID whose own mails are a loop (default: %(default)s)",
        )

    def handle(
        self, *args: Any, index: Path, base: Path, out: Path, instance: str, **options: Any
    ) -> None:
        try:
            lines = index.read_text(encoding="utf-8").splitlines()
            wanted = [json.loads(line) for line in lines if line.strip()]
            with out.open("w", encoding="utf-8") as results:
                for one in wanted:
                    understood = _read(base / one["file"], instance)
                    answer = {"id": one["id"], **understood}
                    results.write(json.dumps(answer, ensure_ascii=False) + "\n")
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise CommandError(f"{index}: {type(wrong).__name__}: {wrong}") from wrong
        self.stdout.write(f"{len(wanted)} mails were read.")


def _read(path: Path, instance: str) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as missing:
        return {"ok": False, "error": str(missing)}
    began = time.perf_counter()
    mail = parse_mail(raw)
    verdict = judge(mail, own_addresses=(), own_instance=instance)
    visible = visible_reply(mail.text, mail.html)
    seconds = time.perf_counter() - began
    return {
        "ok": "unreadable" not in mail.defects,
        **_as_json(mail, verdict),
        "visible_text": visible,
        "seconds": round(seconds, 4),
    }


def _as_written(mail: ParsedMail) -> str:
    """The whole text, with the lines of files that stood inside it."""
    return "\n".join(filter(None, (mail.text, mail.text_files)))


def _as_json(mail: ParsedMail, verdict: Verdict) -> dict[str, Any]:
    return {
        "subject": mail.subject,
        "base_subject": mail.base_subject,
        "from_email": mail.from_address,
        "from_name": mail.from_name,
        "to": [one.email for one in mail.to],
        "cc": [one.email for one in mail.cc],
        "message_id": mail.message_id,
        "date": mail.date.isoformat() if mail.date else None,
        "text": _as_written(mail),
        "html": safe_html(mail.html) if mail.html else "",  # as it is shown
        "kind": KINDS.get(verdict.kind, verdict.kind.value),
        "reason": verdict.reason,
        "may_auto_reply": verdict.may_be_answered,
        "original_message_id": verdict.original_message_id,
        "dsn": [
            {
                "recipient": one.address,
                "action": one.action,
                "status": one.status,
                "hard": one.is_permanent,
            }
            for one in verdict.recipients
        ],
        "attachments": [
            {
                "filename": one.given_name or one.name,  # "…/x.pdf" stays: it is a report
                "saved_as": one.name,
                "mime": one.content_type,
                "size": len(one.payload),
                "sha256": sha256(one.payload).hexdigest(),
                "inline": one.inline,
                "cid": one.content_id,
            }
            for one in mail.attachments
        ],
        "defects": list(mail.defects),
    }
