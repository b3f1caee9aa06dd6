"""Settings for the type checker, which reads the models but never asks a database."""

import os

os.environ.setdefault("DATABASE_URL", "postgres://nobody@localhost/none")

from config.settings_test import *  # noqa: F403
