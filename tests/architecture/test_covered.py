"""What customers wrote leaves us covered: by a field in the API, by a word in templates."""

import re
from pathlib import Path

from django.conf import settings
from rest_framework import serializers

import config.api  # noqa: F401 - with it all serializers are known
from accounts.api.covered import CoveredField
from accounts.models import OutgoingMessage
from feedback.models import Attachment, Feedback, InboundMail, Message
from surveys.models import Answer

TEXTS = {
    (Feedback, "subject"), (Message, "subject"), (Message, "text"), (Attachment, "name"),
    (OutgoingMessage, "subject"), (InboundMail, "subject"), (Answer, "text"),
}  # fmt: skip
# For customers themselves, or caught mail of an installation on trial.
OPEN = ("feedback/public/thanks", "surveys/answer/", "layout/mail", "email/", "styleguide")
WRITTEN = r"(?:feedback|record|message|mail|trace|other|sample|one|reading\.record)"
BARE = re.compile(
    r"\{\{ (?:\w+\.)*" + WRITTEN + r"\.(?:subject|full_text) ?[^}]*\}\}"
    r"|\{\{ message\.text[^}]*\}\}|\bsubject=(?:\w+\.)*" + WRITTEN + r"\.subject\S*"
    r"|\{\{ (?:file|attachment)\.name[^}]*\}\}"
)
OWN_FILES = {"_draft_files.html", "_unsent.html", "scheduled.html"}  # what staff attach


def known(kind=serializers.ModelSerializer):
    for one in kind.__subclasses__():
        yield one
        yield from known(one)


def test_every_serializer_covers_what_customers_wrote():
    bare = [
        f"{one.__module__}.{one.__name__}.{name}"
        for one in known()
        for model, name in TEXTS
        if getattr(getattr(one, "Meta", None), "model", None) is model
        and name in one.Meta.fields
        and not isinstance(one().fields[name], CoveredField)
    ]
    assert bare == []


def test_every_template_for_staff_covers_what_customers_wrote():
    found = [
        f"{path.name}: {match[0]}"
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        if not any(part in path.as_posix() for part in OPEN) and path.name not in OWN_FILES
        for match in BARE.finditer(path.read_text())
        if "covered_by" not in match[0] and "file_named_by" not in match[0]
    ]
    assert found == []
