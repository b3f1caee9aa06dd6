"""Promises about templates, scripts and what they may hold."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from config.kernel.templatetags.ui import icon

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
APPS = ["accounts", "feedback", "surveys", "analytics"]


def name_of(path):
    return str(path.relative_to(ROOT))


def icon_names():
    for path in [*TEMPLATES, *(path for app in APPS for path in (ROOT / app).rglob("*.py"))]:
        text = path.read_text()
        yield from re.findall(r'{% icon "([\w-]+)"', text)
        yield from re.findall(r'icon\|default:"([\w-]+)"', text)
        yield from re.findall(r'\b(?:action_)?icon="([\w-]+)"', text)


@pytest.mark.parametrize("name", sorted(set(icon_names())))
def test_every_icon_exists(name):
    assert icon(name).startswith("<svg")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_handler_is_written_into_a_tag(path):
    assert re.findall(r"\son[a-z]+\s*=", path.read_text()) == []
    assert "javascript:" not in path.read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_components_see_only_what_they_are_given(path):
    includes = re.findall(r'{% include "components/[^%]*%}', path.read_text())

    assert [tag for tag in includes if not tag.endswith(" only %}")] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_static_file_that_is_named_exists(path):
    named = re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text())

    assert [name for name in named if finders.find(name) is None] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_every_component_says_what_it_needs(path):
    assert path.read_text().startswith(("{#", "{% comment %}"))


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_scripts_are_short_and_say_their_hooks(path):
    text = path.read_text()

    assert len(text.splitlines()) <= 150
    assert text.startswith("/*")
    assert "innerHTML" not in text
    assert "eval(" not in text


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_every_script_that_is_imported_exists(path):
    imported = re.findall(r'(?:from|import) "\./([\w.-]+)"', path.read_text())

    assert [name for name in imported if not (path.parent / name).is_file()] == []


def test_the_customers_pages_carry_nothing_of_the_staffs():
    layout = (ROOT / "templates/layout/public.html").read_text()
    sheets = re.findall(r"{% static '([^']+\.css)' %}", layout)

    assert "<script" not in layout
    assert "tabler" not in layout
    assert sum(Path(finders.find(sheet)).stat().st_size for sheet in sheets) < 30_000
