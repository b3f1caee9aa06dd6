"""What production serves: hashed names, and scripts that still find one another."""

import re

import pytest
from django.core.management import call_command

from config.kernel.static_storage import ManifestStorage

# Many and large, and tests/kernel/test_production.py collects them too.
OF_OTHERS = ["admin", "rest_framework", "drf_spectacular_sidecar"]


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What `manage.py collectstatic` makes of our files and Tabler's, with the storage that
    production uses."""
    folder = tmp_path_factory.mktemp("static")
    with pytest.MonkeyPatch.context() as patch:
        from django.contrib.staticfiles.management.commands import collectstatic

        storage = ManifestStorage(location=str(folder), base_url="/static/")
        patch.setattr(collectstatic, "staticfiles_storage", storage)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=OF_OTHERS)
    return folder


def test_scripts_import_one_another_by_their_hashed_names(collected):
    (app,) = collected.glob("js/app.????????????.js")
    imported = re.findall(r'import\s*"\./([^"]+)"', app.read_text())

    assert len(imported) >= 8
    assert [name for name in imported if not (collected / "js" / name).is_file()] == []


def test_every_import_of_every_script_leads_somewhere(collected):
    for script in collected.glob("js/*.????????????.js"):
        for name in re.findall(r'(?:from|import)\s*"\./([^"]+)"', script.read_text()):
            assert (script.parent / name).is_file(), f"{script.name} imports {name}"


def test_large_files_have_a_compressed_twin(collected):
    assert list(collected.glob("tabler/css/tabler.min.????????????.css.gz"))
    assert not list(collected.rglob("*.map"))


def test_a_static_file_is_no_stream_of_which_an_asgi_server_would_warn(client):
    whole = client.get("/static/js/app.js")
    part = client.get("/static/js/app.js", headers={"Range": "bytes=2-9"})
    head = client.head("/static/js/app.js")

    assert not whole.streaming
    assert (part.status_code, part.content) == (206, whole.content[2:10])
    assert (head.content, head["Content-Length"]) == (b"", str(len(whole.content)))
    assert whole["Content-Type"].startswith("text/javascript")
