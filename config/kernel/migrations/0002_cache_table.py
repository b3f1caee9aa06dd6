from django.db import migrations

# What `createcachetable` would make, so that `migrate` is all a deployment has to run.
CREATE = """
CREATE TABLE IF NOT EXISTS kernel_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS kernel_cache_expires ON kernel_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_first")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE kernel_cache")]
