"""Promises about templates, scripts and what they may hold."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from config.kernel.templatetags.ui import icon
from tests.support.sources import offenders

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
APPS = ["accounts", "feedback", "surveys", "analytics"]


def icon_names():
    for path in [*TEMPLATES, *(path for app in APPS for path in (ROOT / app).rglob("*.py"))]:
        text = path.read_text()
        yield from re.findall(r'{% icon "([\w-]+)"', text)
        yield from re.findall(r'icon\|default:"([\w-]+)"', text)
        yield from re.findall(r'\b(?:action_)?icon="([\w-]+)"', text)


def test_every_icon_exists():
    names = set(icon_names())
    assert names
    assert [name for name in sorted(names) if not icon(name).startswith("<svg")] == []


def test_no_handler_is_written_into_a_tag():
    handler = re.compile(r"\son[a-z]+\s*=|javascript:")
    of_django = re.compile(r"{%.*?%}", re.DOTALL)

    def handlers(path):
        return handler.findall(of_django.sub("", path.read_text()))

    assert offenders(TEMPLATES, handlers) == {}


def test_components_see_only_what_they_are_given():
    def open_doors(path):
        includes = re.findall(r'{% include "components/[^%]*%}', path.read_text())
        return [tag for tag in includes if not tag.endswith(" only %}")]

    assert offenders(TEMPLATES, open_doors) == {}


def test_every_static_file_that_is_named_exists():
    def missing(path):
        named = re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text())
        return [name for name in named if finders.find(name) is None]

    assert offenders(TEMPLATES, missing) == {}


def test_every_component_says_what_it_needs():
    def is_silent(path):
        return not path.read_text().startswith(("{#", "{% comment %}"))

    assert offenders(COMPONENTS, is_silent) == {}


# The twin of surveys/logic: one file, because no build step joins several.
LONGER = {"logic.js": 240}


def test_scripts_are_short_and_say_their_hooks():
    def wrong(path):
        text = path.read_text()
        found = [word for word in ("innerHTML", "eval(") if word in text]
        found += [] if text.startswith("/*") else ["says nothing"]
        return found + (
            [] if len(text.splitlines()) <= LONGER.get(path.name, 150) else ["too long"]
        )

    assert offenders(SCRIPTS, wrong) == {}


def test_every_script_that_is_imported_exists():
    def missing(path):
        imported = re.findall(r'(?:from|import) "\./([\w.-]+)"', path.read_text())
        return [name for name in imported if not (path.parent / name).is_file()]

    assert offenders(SCRIPTS, missing) == {}


def test_the_customers_pages_carry_nothing_of_the_staffs():
    layout = (ROOT / "templates/layout/public.html").read_text()
    sheets = re.findall(r"{% static '([^']+\.css)' %}", layout)

    assert "<script" not in layout
    assert "tabler" not in layout
    assert sum(Path(finders.find(sheet)).stat().st_size for sheet in sheets) < 30_000
