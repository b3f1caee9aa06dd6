"""Collecting and checking translations without the GNU gettext programs."""

from pathlib import Path

import pytest

from config.kernel import catalogue

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Open the door")
_("one "
  "and two")
ngettext("%(n)d letter", "%(n)d letters", 2)
pgettext_lazy("of a door", "Open")
_(variable)
def gettext(text): ...
"""
TEMPLATE = """
<p title="{% translate 'Close "it"' %}">{{ name|default:_("Nobody") }}
  {% blocktranslate count n=rows|length trimmed %}
    {{ n }} row of 50%
  {% plural %}
    {{ n }} rows of 50%
  {% endblocktranslate %}
{% include "x.html" with title=_("Title") only %} {% trans "Open" context "of a shop" %}
it's gettext("not a call")
</p>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "code.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def collected(root: Path):
    return catalogue.sentences(root, ["app", "templates"])


def test_sentences_of_code_and_templates_are_found(root):
    found = {(message.context, message.id) for message in collected(root) if message.id}

    assert found == {
        (None, "Open the door"),
        (None, "one and two"),
        (None, ("%(n)d letter", "%(n)d letters")),
        ("of a door", "Open"),
        (None, 'Close "it"'),
        (None, "Nobody"),
        (None, ("%(n)s row of 50%%", "%(n)s rows of 50%%")),
        (None, "Title"),
        ("of a shop", "Open"),
    }


def test_translations_survive_and_the_file_stays_the_same_line_for_line(root):
    path = root / "django.po"
    first = catalogue.updated(catalogue.read(path, "zh_Hans"), collected(root))
    first.get("Nobody").string = "无人"
    catalogue.write(first, path)
    written = path.read_text()

    # Everything in the source moves down and one sentence goes.
    code = root / "app" / "code.py"
    code.write_text("\n\n\n" + PYTHON.replace('_("Open the door")', ""))
    second = catalogue.updated(catalogue.read(path, "zh_Hans"), collected(root))
    catalogue.write(second, path)

    gone = '#: app/code.py\nmsgid "Open the door"\nmsgstr ""\n\n'
    assert path.read_text() == written.replace(gone, "")
    assert second.get("Nobody").string == "无人"


def test_every_kind_of_gap_is_named(root):
    current = collected(root)
    known = catalogue.updated(catalogue.read(root / "none.po", "zh_Hans"), current)
    for message in known:
        if isinstance(message.id, tuple):
            message.string = ("有",)
        elif message.id:
            message.string = "有"
    known.get("Nobody").string = ""
    known.get("Title").flags.add("fuzzy")
    known.get(("%(n)d letter", "%(n)d letters")).string = ("%(m)d 封信",)
    known.add("Gone", string="没了")

    found = "\n".join(catalogue.problems(known, current))

    assert "not translated: 'Nobody' (templates/page.html)" in found
    assert "fuzzy: 'Title'" in found
    assert "wrong (unknown named placeholder 'm')" in found
    assert "obsolete: 'Gone'" in found


def test_a_compiled_catalogue_speaks(root):
    import gettext

    known = catalogue.updated(catalogue.read(root / "none.po", "zh_Hans"), collected(root))
    known.get("Nobody").string = "无人"
    known.get("Open", "of a shop").string = "营业"
    catalogue.compile_to(known, root / "django.mo")

    with (root / "django.mo").open("rb") as file:
        speaks = gettext.GNUTranslations(file)
    assert speaks.gettext("Nobody") == "无人"
    assert speaks.pgettext("of a shop", "Open") == "营业"
    assert speaks.gettext("Title") == "Title"
