"""The command that reads mails from files, without a database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.feedback.channels.email.mails import mail


@pytest.fixture
def reading(tmp_path):
    """Reads mails as the command does: {id: what was understood}."""

    def read(*lines, **files):
        for name, raw in files.items():
            (tmp_path / f"{name}.eml").write_bytes(raw)
        index, out = tmp_path / "index.jsonl", tmp_path / "results.jsonl"
        rows = [{"id": name, "file": f"{name}.eml"} for name in files] + list(lines)
        index.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        call_command("read_mail", index, base=tmp_path, out=out, stdout=StringIO())
        found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        return {one.pop("id"): one for one in found}

    return read


def test_each_mail_is_told_in_a_line_as_it_is_understood(reading):
    html = b"<p onclick=x()>\xe4\xbd\xa0\xe5\xa5\xbd</p><script>alert(1)</script>"
    found = reading(
        question=mail("From: Li <li@c.cn>", "Subject: Re: =?gb2312?B?zcu/7g==?=", body="你好"),
        page=mail("From: li@c.cn", "Content-Type: text/html; charset=utf-8", body=html),
        ours=mail("From: li@c.cn", "X-Feedback-Loop-Guard: {{instance_id}}"),
    )
    question = found["question"]
    assert (question["subject"], question["base_subject"]) == ("Re: 退款", "退款")
    assert (question["from_email"], question["kind"]) == ("li@c.cn", "normal")
    assert (question["text"], question["visible_text"], question["ok"]) == ("你好", "你好", True)
    assert found["page"]["html"] == "<p>你好</p>"
    assert found["ours"]["kind"] == "loop"


def test_a_file_that_is_not_there_stops_nothing(reading):
    found = reading({"id": "gone", "file": "gone.eml"}, here=mail("From: li@c.cn"))
    assert found["gone"]["ok"] is False
    assert found["here"]["ok"] is True


def test_an_index_that_cannot_be_read_is_said_in_one_line(tmp_path):
    (tmp_path / "index.jsonl").write_text("{not json", encoding="utf-8")
    with pytest.raises(CommandError, match=r"index\.jsonl: JSONDecodeError"):
        call_command("read_mail", tmp_path / "index.jsonl", out=tmp_path / "results.jsonl")
