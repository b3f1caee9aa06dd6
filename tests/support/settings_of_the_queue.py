"""Only what the queue itself needs: a process of the whole product starts for 2.4 seconds of
processor, of these a fifth. That the product works with it, tests/kernel/test_dev.py shows."""

from config.settings_test import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django_q",
    "config.kernel",
]
AUTH_USER_MODEL = "auth.User"
PERIODIC: dict[str, int] = {}
