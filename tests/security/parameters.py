"""Every parameter that the code reads, found in the code, and what nobody should send."""

import re
from importlib import import_module
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

APPS = ("accounts", "feedback", "surveys", "analytics", "config")
_READ = re.compile(
    r"(?:GET|POST|given|params|query|query_params|posted|data)(?:\.get|\.getlist|\.pop|\[)"
    r"\(?\s*\"(\w+)\"|\"(\w+)\" in (?:request\.)?(?:GET|POST|given|params)"
)
# Read by a name that stands in a table, or by Django, allauth and the REST framework.
_MORE = {
    "page", "q", "o", "e", "_to_field", "_popup", "_changelist_filters", "all", "action", "p",
    "_selected_action", "index", "lang", "next", "login", "password", "email", "code", "cursor",
    "page_size", "ordering", "format", "search", "term", "app_label", "model_name", "field_name",
    "question", "value", "collector", "overall", "solved", "comment",
}  # fmt: skip

# Sent for every parameter there is.
HOSTILE = {
    "a NUL byte": "a\x00b",
    "an escaped NUL byte": "q=%00&view=%00&customer=%00",
    "a number that fits nowhere": "9" * 60,
    "a number PostgreSQL calls an integer": "9223372036854775808",
    "not a number": "nan",
    "infinite": "1e999",
    "digits of another script": "²٣",
    "very long": "x" * 2000,
    "half a surrogate": "\udcff\ud800".encode("utf-8", "surrogatepass"),
    "not UTF-8": b"\xff\xfe\xc0\x80",
    "a line break": "1\r\nX-Evil: 1",
    "a lookup": "password__startswith=x",
    "a quote": "'\";--<script>{{ 7*7 }}{% debug %}",
    "the year zero": "0000-00-00T00:00",
    "the end of time": "9999-12-31T23:59:59.999999+14:00",
    "the beginning of time": "0001-01-01",
    "brackets": "[[[[{\"a\":",
}  # fmt: skip


def every_parameter() -> list[str]:
    """Names of parameters: read by name in the code, or fields of one of our forms."""
    found = set(_MORE)
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for names in _READ.findall(path.read_text()):
                found |= {name for name in names if name}
    for form in _forms(forms.BaseForm):
        if form.__module__.partition(".")[0] in APPS:
            found |= set(form.base_fields)
    found |= set(import_module("feedback.selectors.queue_filters").FILTERS)
    return sorted(found)


def _forms(base: type) -> set[type]:
    return {base} | {one for sub in base.__subclasses__() for one in _forms(sub)} - {
        forms.BaseForm, forms.Form, forms.ModelForm, forms.models.BaseModelForm
    }  # fmt: skip


def bad_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("../../\x00evil\r\n\u202egpj.html", b"<script>alert(1)</script>")
