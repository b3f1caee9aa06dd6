"""Settings of the processes that are killed: as in production, only less patient."""

from config.settings_test import *  # noqa: F403
from config.settings_test import DATABASES, PERIODIC, Q_CLUSTER

DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
JOB_SECONDS = 8
LEASE_SECONDS = 10
Q_CLUSTER |= {"timeout": JOB_SECONDS, "retry": 20}
WORKER_PAUSE_SECONDS = 0.2
TRUSTED_PROXY_COUNT = 1  # the visitors of the tests come from everywhere
PERIODIC |= dict.fromkeys(
    [
        "accounts.tasks.send_due_mail",
        "surveys.tasks.send_due_invitations",
        "feedback.tasks.poll_mailboxes",
    ],
    1,
)
