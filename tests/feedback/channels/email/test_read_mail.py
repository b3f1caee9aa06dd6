"""The command that reads mails from files, without a database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.feedback.channels.email.mails import mail, multipart


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


def test_the_report_shows_names_and_text_as_the_sender_wrote_them(reading):
    image = mail("Content-Type: application/others", "Content-ID: <7.2@c.cn>", body="x")
    path = mail('Content-Type: message/external-body; name="/u/a/b.ps"')
    kind, body = multipart("mixed", image, path)
    told = reading(
        files=mail(kind, body=body),
        coded=mail("From: li@c.cn", body="see\r\nbegin 644 n.txt\r\n#86)C\r\n`\r\nend\r\n"),
    )
    names = [(one["filename"], one["saved_as"]) for one in told["files"]["attachments"]]
    assert names == [("7.2", "file"), ("/u/a/b.ps", "b.ps")]
    assert told["coded"]["text"].split() == ["see", "begin", "644", "n.txt", "#86)C", "`", "end"]
    assert told["coded"]["visible_text"] == "see"


def test_a_file_that_is_not_there_stops_nothing(reading):
    found = reading({"id": "gone", "file": "gone.eml"}, here=mail("From: li@c.cn"))
    assert found["gone"]["ok"] is False
    assert found["here"]["ok"] is True


def test_an_index_that_cannot_be_read_is_said_in_one_line(tmp_path):
    (tmp_path / "index.jsonl").write_text("{not json", encoding="utf-8")
    with pytest.raises(CommandError, match=r"index\.jsonl: JSONDecodeError"):
        call_command("read_mail", tmp_path / "index.jsonl", out=tmp_path / "results.jsonl")
