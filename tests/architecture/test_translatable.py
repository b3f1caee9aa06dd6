"""What people read is marked for translation, and translated."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.utils.functional import Promise

from tests.support.sources import offenders

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "analytics", "config", "feedback", "surveys"]

# Names, units and keys are the same in every language.
SAME_EVERYWHERE = {
    "Huiyin",
    "API",
    "CES",
    "CSAT",
    "Ctrl",
    "Enter",
    "Esc",
    "HTML",
    "MB",
    "Message-ID",
    "NPS",
    "PDF",
    "DOCX",
    "Shift",
    "English",
    "Authorization",
    "Bearer",
    "PNG",
    "SVG",
    "df",
}
# Attributes that are read out or shown.
SPOKEN = {"alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "title"}
UNREAD = {"code", "kbd", "pre", "samp", "script", "style", "svg"}
# Where a template gives words to another.
SHOWN_ARGUMENT = re.compile(
    r"\b(?:title|text|label|lead|action|back|note|words)=(\"[^\"]*\"|'[^']*')"
)
# … but one small word stands for a tone, an icon, a type.
DEFAULT = re.compile(r"\|default(?:_if_none)?:(?![\"'][a-z][a-z_-]*[\"'])(\"[^\"]*\"|'[^']*')")
# In both languages at once: nobody knows yet, or any more, who reads it.
BOTH_LANGUAGES = {
    "templates/400.html",
    "templates/500.html",
    "templates/layout/mail.html",
    "templates/layout/plain.html",
    "templates/surveys/qr_sheet.html",
    "templates/pdf/paper_form.html",
}
# Attributes that several tags have; nothing to read.
PIECES_OF_TAGS = {
    "templates/surveys/builder/_entries_by_htmx.html",
    "templates/surveys/builder/_logic_by_htmx.html",
    "templates/surveys/builder/_parts_by_htmx.html",
    "templates/surveys/questions/_aria.html",
    "templates/surveys/questions/_comes.html",
}
# Only for those who work on the product, or samples for them.
FOR_DEVELOPERS = {
    "accounts/models/caught_mail.py",
    "analytics/models/demo_company.py",
    "config/kernel/apps.py",
    "templates/accounts/_styleguide_marks.html",
    "templates/accounts/styleguide.html",
    "templates/accounts/styleguide_mail.html",
}
TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*.html")
    if path.relative_to(ROOT).as_posix() not in BOTH_LANGUAGES | FOR_DEVELOPERS | PIECES_OF_TAGS
)
SOURCES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and path.relative_to(ROOT).as_posix() not in FOR_DEVELOPERS
)
WORD = re.compile(r"[A-Za-z一-鿿][A-Za-z一-鿿'’-]+")
NOT_SHOWN = re.compile(
    r"{#.*?#}|<!--.*?-->"
    r"|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}"
    r"|{%\s*block (?:body_attributes|page_class|robots)\s*%}.*?{%\s*endblock\s*%}"
    r"|{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def words_of(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word not in SAME_EVERYWHERE]


class Reader(HTMLParser):
    """Collects the words that a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self.unread += 1
        for name, value in attrs:
            if (name in SPOKEN or name.startswith("data-words")) and words_of(value or ""):
                self.found.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD:
            self.unread -= 1

    def handle_data(self, data: str) -> None:
        if not self.unread and words_of(data):
            self.found.append(data.strip())


def bare_words(template: str) -> list[str]:
    shown = NOT_SHOWN.sub("", template)
    found = []
    for tag in TAG.findall(shown):
        if tag.startswith("{% include"):
            found += [text for text in SHOWN_ARGUMENT.findall(tag) if words_of(text)]
        found += [text for text in DEFAULT.findall(tag) if words_of(text)]
    reader = Reader()
    reader.feed(TAG.sub("", shown))
    return found + reader.found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{% translate 'Hello' %} {{ name }}</p>", []),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>", []),
        ("<p class='big'>#{{ number }} · 5 MB</p>", []),
        ("{# a word #}<script>let word = 1</script>", []),
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ("<p>你好</p>", ["你好"]),
        ("<input placeholder='Your name'>", ["placeholder=Your name"]),
        ("{% include 'x.html' with title='Two words' only %}", ["'Two words'"]),
        ("{{ name|default:'Nobody' }}", ["'Nobody'"]),
        ("{{ name|default:_('Nobody') }}", []),
        ("{{ tone|default:'gray' }}", []),
    ],
)
def test_bare_words_are_found(template, found):
    assert bare_words(template) == found


def test_a_template_shows_no_untranslated_word():
    assert offenders(TEMPLATES, lambda path: bare_words(path.read_text())) == {}


# Names of arguments that end on a page, and calls whose words do.
SHOWN_KEYWORDS = {
    "empty_label",
    "help_text",
    "label",
    "short_description",
    "verbose_name",
    "verbose_name_plural",
}
SHOWING_CALLS = {"ValidationError", "toast", "message_user"}
MESSAGES = {"debug", "error", "info", "success", "warning"}


def is_shown(node: ast.expr) -> bool:
    """Whether the expression is a plain literal with words in it."""
    if isinstance(node, ast.JoinedStr):
        return any(is_shown(part) for part in node.values if isinstance(part, ast.Constant))
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(words_of(node.value))
    )


def unmarked(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from (ast.unparse(one) for one in _shown_by(node) if is_shown(one))
        elif isinstance(node, ast.Assign):
            names = {one.id for one in node.targets if isinstance(one, ast.Name)}
            if names & SHOWN_KEYWORDS and is_shown(node.value):
                yield ast.unparse(node)


def _shown_by(call: ast.Call) -> list[ast.expr]:
    """The arguments of the call that people will read."""
    shown = [one.value for one in call.keywords if one.arg in SHOWN_KEYWORDS]
    match call.func:
        case ast.Attribute(ast.Name("models"), kind) if kind.endswith("Field") and kind[0] != "F":
            if kind not in {"ForeignKey", "ManyToManyField", "OneToOneField"}:
                shown += call.args[:1]
        case ast.Attribute(ast.Name("messages"), name) if name in MESSAGES:
            shown += call.args[1:2]
        case ast.Name("object_action") | ast.Attribute(_, "object_action"):
            shown += call.args[:1]
        case ast.Name(name) | ast.Attribute(_, name) if name in SHOWING_CALLS:
            shown += call.args[:2]
        case ast.Attribute(ast.Name("admin"), "display" | "action"):
            shown += [one.value for one in call.keywords if one.arg == "description"]
    return shown


def test_the_settings_call_every_field_by_a_translated_name():
    bare = [
        str(field)
        for model in admin.site._registry
        for field in model._meta.fields
        if model._meta.app_label in APPS
        and not field.auto_created
        and not isinstance(field.verbose_name, Promise)
    ]

    assert bare == []


def test_unmarked_sentences_of_code_are_found():
    source = """
class Meta:
    verbose_name = "thing"
name = models.CharField("name", help_text=_("Shown."))
messages.success(request, f"Saved {name}.")
raise ValidationError("Too long.")
field = forms.CharField(label=_("Name"), max_length=5)
"""
    assert sorted(unmarked(source)) == [
        "'Too long.'",
        "'name'",
        "f'Saved {name}.'",
        "verbose_name = 'thing'",
    ]


def test_code_shows_no_unmarked_sentence():
    assert offenders(SOURCES, lambda path: list(unmarked(path.read_text()))) == {}
