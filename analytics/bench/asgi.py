"""The application that is measured: the product with the floors and a count of queries."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

settings.ROOT_URLCONF = "analytics.bench.urls"
settings.MIDDLEWARE = ["analytics.bench.floors.say_costs", *settings.MIDDLEWARE]

application = get_asgi_application()
