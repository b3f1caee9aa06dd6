"""Settings of the test run: the same product, quick hashes, no HTTPS, files in a folder apart."""

import os

from config.testing import folder_of_tests

# A server of its own, which need not survive a power cut: half the time of a test is its disk.
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = str(folder_of_tests())
os.environ["DATABASE_DURABLE"] = "0"
os.environ.setdefault("SECRET_KEY", "tests-" + "x" * 50)
os.environ["HTTPS"] = "0"
os.environ.setdefault("SITE_URL", "http://testserver")

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, DATABASES, REST_FRAMEWORK, STORAGES

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "test-media"
ACCOUNT_RATE_LIMITS = False
MAIL_DOMAIN = "huiyin.test"
DEFAULT_FROM_EMAIL = "noreply@huiyin.test"
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"token": None, "upload": None}  # type: ignore[dict-item]
# A test that routes has mostly read nothing; the one about waiting says how long.
READING_WAIT = 0.0
