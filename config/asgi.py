import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("HUIYIN_PROCESS", "web")

from django.core.asgi import get_asgi_application

from config.kernel.gate import BodyLimit

application = BodyLimit(get_asgi_application())  # type: ignore[arg-type]  # dict, Mapping
