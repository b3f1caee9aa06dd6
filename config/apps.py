from django.contrib.admin.apps import AdminConfig as StockAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as StockStaticFilesConfig


class AdminConfig(StockAdminConfig):
    default_site = "config.admin.HuiyinAdminSite"


class StaticFilesConfig(StockStaticFilesConfig):
    """Without the source maps of other people's scripts: half of all bytes, which nobody asks
    for and which took collectstatic as long to compress as everything else."""

    ignore_patterns = [*StockStaticFilesConfig.ignore_patterns, "*.map"]
