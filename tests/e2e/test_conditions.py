"""The builder of conditions in a browser: by keyboard, without a round trip."""

import re
from pathlib import Path
from urllib.parse import parse_qs

from django import forms
from django.conf import settings
from django.http import QueryDict

from config.kernel.conditions.form_field import ConditionFormField
from tests.e2e.conftest import stumbling_blocks
from tests.kernel.conditions.things import THINGS

STATIC = Path(settings.BASE_DIR) / "static"
ADDRESS = "http://builder.test/"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'"
PAGE = """<!doctype html><html lang="en"><head><title>Rule</title>
<link rel="stylesheet" href="/css/tokens.css"><link rel="stylesheet" href="/css/base.css">
<link rel="stylesheet" href="/css/components/button.css">
<link rel="stylesheet" href="/css/components/form.css">
<link rel="stylesheet" href="/css/components/condition.css">
<script src="/js/condition.js" type="module"></script></head>
<body><main><h1>Rule</h1><form method="post" class="form">{form}
<button type="submit">Save</button></form></main></body></html>"""


class RuleForm(forms.Form):
    rule = ConditionFormField(subject=THINGS.subject)


def show_builder(page, tree):
    """A page with nothing but the form; what is sent is kept in the list that this gives."""
    sent = []

    def answer(route, request):
        path = request.url.removeprefix(ADDRESS)
        if request.method == "POST":
            sent.append(request.post_data)
        if path:
            kind = "text/css" if path.endswith("css") else "text/javascript"
            return route.fulfill(content_type=kind, body=(STATIC / path).read_text())
        return route.fulfill(
            content_type="text/html; charset=utf-8",
            headers={"content-security-policy": POLICY},
            body=PAGE.format(form=RuleForm(initial={"rule": tree})),
        )

    page.route(re.compile(re.escape(ADDRESS)), answer)
    page.goto(ADDRESS)
    return sent


def test_a_condition_is_put_together_by_keyboard(page):
    sent = show_builder(page, ["is", "kind", "red"])
    keyboard = page.keyboard

    page.get_by_role("button", name="Add a row").focus()
    keyboard.press("Enter")
    # The new row has the focus at its field.
    assert page.evaluate("document.activeElement.name") == "rule-2-field"
    page.locator("[name=rule-2-field]").select_option("at")
    page.locator("[name=rule-2-operator]").select_option("within_last")
    page.locator("[name=rule-2-value]").first.fill("3")
    page.locator("[name=rule-2-value]").last.select_option("days")

    page.get_by_role("button", name="Add a group").focus()
    keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "rule-4-field"
    page.locator("[name=rule-4-value]").fill("leak\n漏水")
    page.get_by_role("button", name="Add a row").first.press("Enter")
    page.locator("[name=rule-5-field]").select_option("note_kinds")
    page.locator("[name=rule-5-value][value=blue]").check()
    page.locator("[name=rule-3-kind]").select_option("none")
    assert stumbling_blocks(page) == []

    page.get_by_role("button", name="Remove this row").first.press("Enter")
    # Enter in an input saves; it must not press the first button that adds or removes.
    page.locator("[name=rule-2-value]").first.press("Enter")
    page.wait_for_function("document.querySelector('[name=rule-2-field]') === null")

    (body,) = sent
    assert "rule-do" not in parse_qs(body)
    form = RuleForm(QueryDict(body))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["rule"] == [
        "and",
        ["within_last", "at", [3, "days"]],
        [
            "not",
            [
                "or",
                ["contains", "words", ["leak", "漏水"]],
                ["has_any", "note_kinds", ["blue"]],
            ],
        ],
    ]
