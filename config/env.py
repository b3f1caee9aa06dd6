"""The environment, read once and typed; a wrong value stops the start, not a later request."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

# FileAwareEnv: SECRET_KEY_FILE, DATABASE_URL_FILE … may point at a mounted secret.
env = environ.FileAwareEnv()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))
