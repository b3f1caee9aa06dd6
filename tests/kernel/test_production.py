"""What a production installation gets without asking: everything shut that can be shut."""

import json
import re
import secrets

import pytest

from tests.support.database import url_of_test_database
from tests.support.processes import PATIENCE, end, start
from tests.support.web import web_server

NAMES = [
    "ALLOWED_HOSTS",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE",
    "CSRF_TRUSTED_ORIGINS",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
    "DEBUG",
    "FILE_UPLOAD_PERMISSIONS",
    "LANGUAGE_COOKIE_SECURE",
    "MEDIA_URL",
    "MFA_SUPPORTED_TYPES",
    "MIDDLEWARE",
    "PASSWORD_HASHERS",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_SECONDS",
    "SECURE_REFERRER_POLICY",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_SECURE",
    "SESSION_SERIALIZER",
    "X_FRAME_OPTIONS",
]
# What an installation does before its first start, in one process. That files are compressed,
# tests/shell/test_static_files.py tells of ours; of everybody's it takes ten seconds.
PREPARE = f"""
import json, django
from django.conf import settings
from django.core.management import call_command
django.setup()
call_command("check", deploy=True, fail_level="WARNING")
settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "html", "js", "json", "map", "svg", "txt"]
call_command("collectstatic", interactive=False, verbosity=0)
print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}))
"""


def production(folder) -> dict[str, str]:
    """The environment of docs/operations.md, and nothing more."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "HTTPS": "1",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://help.example.com",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DATA_DIR": str(folder),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "",  # of the browser tests
    }


def output_of(*command: str, **environment: str) -> str:
    process = start(*command, **environment)
    try:
        code = process.wait(3 * PATIENCE)
        assert code == 0, process.said()
        return process.said()
    finally:
        end(process)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> tuple[dict[str, str], str]:
    """The environment of an installation, and what it said when it was prepared."""
    environment = production(tmp_path_factory.mktemp("data"))
    return environment, output_of("-c", PREPARE, **environment)


def test_django_finds_nothing_to_warn_of(prepared):
    checked, _ = prepared[1].splitlines()
    assert checked == "System check identified no issues (0 silenced)."


@pytest.fixture(scope="module")
def settings_there(prepared) -> dict:
    return json.loads(prepared[1].splitlines()[-1])


def test_only_our_own_name_is_answered_to(settings_there):
    assert settings_there["DEBUG"] is False
    assert settings_there["ALLOWED_HOSTS"] == ["help.example.com", "127.0.0.1", "localhost"]
    assert settings_there["CSRF_TRUSTED_ORIGINS"] == ["https://help.example.com"]


def test_transport_and_framing_are_closed(settings_there):
    assert settings_there["SECURE_SSL_REDIRECT"] is True
    assert settings_there["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings_there["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert settings_there["SECURE_CONTENT_TYPE_NOSNIFF"] is True
    assert settings_there["SECURE_CROSS_ORIGIN_OPENER_POLICY"] == "same-origin"
    assert settings_there["SECURE_REFERRER_POLICY"] == "same-origin"
    assert settings_there["X_FRAME_OPTIONS"] == "DENY"


def test_cookies_are_for_our_pages_over_https_only(settings_there):
    for name in ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"]:
        assert settings_there[name] is True
    assert settings_there["SESSION_COOKIE_HTTPONLY"] is True
    assert settings_there["SESSION_COOKIE_SAMESITE"] in {"Lax", "Strict"}
    assert settings_there["CSRF_COOKIE_SAMESITE"] in {"Lax", "Strict"}


def test_sessions_are_json_and_passwords_argon2(settings_there):
    assert settings_there["SESSION_SERIALIZER"].endswith("JSONSerializer")
    assert "Argon2" in settings_there["PASSWORD_HASHERS"][0]
    assert settings_there["MFA_SUPPORTED_TYPES"]


def test_uploads_have_limits_and_no_address(settings_there):
    assert settings_there["DATA_UPLOAD_MAX_MEMORY_SIZE"] <= 10 * 1024 * 1024
    assert settings_there["DATA_UPLOAD_MAX_NUMBER_FIELDS"] <= 1000
    assert settings_there["DATA_UPLOAD_MAX_NUMBER_FILES"] <= 20
    assert settings_there["FILE_UPLOAD_PERMISSIONS"] == 0o640
    assert settings_there["MEDIA_URL"] in {"", "/"}  # Django's "nowhere"


def test_guards_stand_before_every_page(settings_there):
    for guard in [
        "django.middleware.security.SecurityMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]:
        assert guard in settings_there["MIDDLEWARE"]


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"DATABASE_POOL_SIZE": "many", "HUIYIN_PROCESS": "web"}, "DATABASE_POOL_SIZE"),
    ],
)
def test_a_wrong_environment_stops_the_start(tmp_path, change, hint):
    process = start("manage.py", "check", **production(tmp_path) | change)
    try:
        assert process.wait(PATIENCE) == 1
        assert hint in process.said()
        assert len(process.said().splitlines()) == 1
    finally:
        end(process)


def test_the_login_page_as_a_browser_gets_it_behind_a_proxy(transactional_db, prepared):
    ours = prepared[0] | {"DATABASE_URL": url_of_test_database(), "BEHIND_PROXY": "1"}
    # Each request comes from the proxy, which says how the browser spoke to it.
    host = {"Host": "help.example.com"}
    https = {**host, "X-Forwarded-Proto": "https"}
    with web_server(**ours) as server:
        plain = server.get("/account/login/", **host)
        page = server.get("/account/login/", **https)
        html = page.read().decode()
        style = re.search(r'href="(/static/[^"]+\.css)"', html)
        sheet = server.get(style[1], **https)

        assert plain.status == 301
        assert plain.headers["Location"] == "https://help.example.com/account/login/"
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        for cookie in page.headers.get_all("Set-Cookie"):
            assert "Secure" in cookie
        assert sheet.status == 200
        assert "immutable" in sheet.headers["Cache-Control"]
        assert (
            server.get(
                "/account/login/", Host="evil.example", **{"X-Forwarded-Proto": "https"}
            ).status
            == 400
        )
