from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from analytics.demo.make import make_demo

# A Thursday afternoon: people work, the shopping festival of November is just over.
NOW = datetime(2026, 11, 19, 16, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def demo(db):
    """The demo company in its small form."""
    return make_demo(now=NOW, small=True, password="known-to-all")
