"""The environment, read once and typed; a wrong value stops the start, not a later request."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


# FileAware: SECRET_KEY_FILE, DATABASE_URL_FILE … may point at a mounted secret.
class Environment(environ.FileAwareEnv):
    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as wrong:
            raise ImproperlyConfigured(f"{var} in the environment is wrong: {wrong}.") from wrong


env = Environment()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))
