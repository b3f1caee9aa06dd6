"""One settings module; what differs between machines comes from the environment.

Safe by default: without DEBUG=1 the product refuses to start with a known secret key, speaks
HTTPS only and passes `check --deploy`.
"""

import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.env import BASE_DIR, env

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
PORT = env.int("PORT", default=8000)  # of the development server
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Huiyin")
# Where Chinese is spoken, if the company is called otherwise there.
SITE_NAME_ZH = env.str("SITE_NAME_ZH", default="回音" if SITE_NAME == "Huiyin" else SITE_NAME)
VERSION = "0.1.0"

# --- Security ---------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Put 50 random characters into the environment, or set "
            "DEBUG=1 to try the product on this machine."
        )
    SECRET_KEY = "only-for-development-" + "0" * 40
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
_site_host = (
    SITE_URL.partition("://")[2].partition("/")[0].rpartition(":")[0]
    or (SITE_URL.partition("://")[2].partition("/")[0])
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site_host, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL, *env.list("CSRF_TRUSTED_ORIGINS", default=[])]
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.refusals.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Of a whole request, files included: Django knows no such limit (config.kernel.gate).
MAX_REQUEST_BYTES = 50 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "config.apps.StaticFilesConfig",
    "django.contrib.humanize",
    "django.forms",  # our form renderer finds the stock widgets through it
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_q",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "template_partials.apps.SimpleAppConfig",
    "config.kernel",
    "accounts",
    "feedback",
    "surveys",
    "analytics",
]
MIDDLEWARE = [
    "config.kernel.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.kernel.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.kernel.headers.NotKeptMiddleware",
    "config.kernel.gate.ReadableRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.kernel.history.HistoryMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
_template_loaders = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _template_loaders
                    if DEBUG
                    else [("django.template.loaders.cached.Loader", _template_loaders)],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "config.kernel.templatetags.ui",
                "config.kernel.templatetags.parts",
                "accounts.templatetags.personal_data",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "config.kernel.forms.Renderer"

# --- Database, cache, queue -------------------------------------------------------------------
# Only the web may use a pool: the worker forks, and a pool does not survive that.
PROCESS = env.str("HUIYIN_PROCESS", default="command")
if {"DATABASE_URL", "DATABASE_URL_FILE"} & set(env.ENVIRON):
    _database = env.db("DATABASE_URL")
else:
    from config.embedded_postgres import url_of_running_server

    _durable = env.bool("DATABASE_DURABLE", default=True)
    _url = url_of_running_server(DATA_DIR / "postgres", durable=_durable)
    _database = env.db_url_config(_url)
_database.setdefault("OPTIONS", {})
_database["CONN_HEALTH_CHECKS"] = True
if PROCESS == "web":
    _database["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", default=16),
        "timeout": 10,
    }
    _database["CONN_MAX_AGE"] = 0
    # A page that takes longer is given up by its reader; it must not hold a connection.
    _database["OPTIONS"].setdefault("options", "-c statement_timeout=30s")
else:
    _database["CONN_MAX_AGE"] = 60
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        # In the database, because rate limits must count over all processes.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
JOB_SECONDS = 120  # a background job that takes longer is ended
# How long a mail that is being sent, or a mailbox that is being polled, belongs to the job that
# has it: more than JOB_SECONDS, so that only a dead one loses it.
LEASE_SECONDS = 180
Q_CLUSTER = {
    "name": "huiyin",
    "orm": "default",  # the queue commits or rolls back with the business data
    "workers": env.int("WORKERS", default=2),
    "timeout": JOB_SECONDS,
    # Counted from the prefetch, so it must exceed waiting plus running.
    "retry": 600,
    "max_attempts": 5,
    "ack_failures": False,
    "queue_limit": 4,
    "bulk": 1,
    "poll": 0.5,
    "catch_up": False,
    # Successes are not kept: looking them over after each job cost seven times the job itself.
    "save_limit": -1,
    "recycle": 500,
    "label": "Jobs",
}

# The supervisor of the queue (manage.py worker), in seconds: it queues a sign of life when
# nothing was done for BEAT, and starts the workers anew when nothing was done for STALE, which
# must exceed the longest job. PAUSE is the longest between two starts of workers that always die.
WORKER_BEAT_SECONDS = env.float("WORKER_BEAT_SECONDS", default=20)
WORKER_STALE_SECONDS = env.float("WORKER_STALE_SECONDS", default=180)
WORKER_PAUSE_SECONDS = env.float("WORKER_PAUSE_SECONDS", default=30)
WORKER_GRACE_SECONDS = env.int("WORKER_GRACE_SECONDS", default=60)
# What runs again and again: the task's dotted path and the seconds between two runs.
PERIODIC: dict[str, int] = {
    "accounts.tasks.send_due_mail": 5,
    "accounts.tasks.remove_old_exports": 3600,
    "accounts.tasks.lift_old_blocks": 3600,
    "accounts.tasks.watch_automatic_mail": 60,
    "accounts.tasks.tell_webhooks": 3,
    "accounts.tasks.tidy_up_webhooks": 3600,
    "config.kernel.tasks.tidy_up": 3600,
    "surveys.tasks.send_due_invitations": 30,
    "surveys.tasks.give_up_old_drafts": 3600,
    "surveys.tasks.take_up_response_imports": 30,
    "surveys.tasks.tidy_up_response_files": 3600,
    "surveys.tasks.measure_times": 3600,
    "surveys.tasks.tend_gatherings": 60,
    "surveys.tasks.tally_answers": 60,
    "feedback.tasks.poll_mailboxes": 20,
    "feedback.tasks.watch_mailboxes": 300,
    "feedback.tasks.index_for_search": 3,
    "feedback.tasks.check_search": 3600,
    "feedback.tasks.tidy_up_uploads": 3600,
    "feedback.tasks.watch_promises": 30,
    "feedback.tasks.watch_feedback": 30,
    "feedback.tasks.refresh_holidays": 3600,
    "feedback.tasks.mail_notifications": 30,
    "feedback.tasks.tidy_up_presence": 3600,
    "feedback.tasks.send_scheduled_replies": 15,
    "feedback.tasks.wake_snoozed": 30,
    "feedback.tasks.close_what_is_old": 300,
    "feedback.tasks.apply_retention": 3600,
    "feedback.tasks.give_out_records": 60,
    "feedback.tasks.run_automation": 5,
    "feedback.tasks.run_automation_by_time": 300,
    "feedback.tasks.tidy_up_automation": 3600,
    "feedback.tasks.take_up_bulk_jobs": 30,
    "feedback.tasks.tidy_up_lists": 3600,
    "analytics.tasks.read_texts_of_before": 10,
    "analytics.tasks.learn_from_decisions": 60,
    "analytics.tasks.watch_what_comes_in": 3600,
    "analytics.tasks.refresh_topics": 600,
    "analytics.tasks.send_dashboards": 1800,
    "analytics.tasks.remind_owners_of_measures": 3600,
    "analytics.tasks.roll_up": 60,
    "analytics.tasks.draft_reports": 3600,
    "analytics.tasks.raise_alerts": 300,
    "analytics.tasks.send_weeks": 900,
}

# Who listens to what, across apps: the only place where apps meet upwards.
EVENT_SUBSCRIBERS: dict[str, list[str]] = {
    "accounts.OutgoingSettled": [
        "feedback.tasks.note_settled_mail",
        "surveys.tasks.note_delivery",
    ],
    "accounts.CustomersMerged": [
        "feedback.tasks.take_over_customer",
        "surveys.tasks.take_over_customer",
        "analytics.tasks.take_over_customer",
    ],
    "accounts.CustomersSeparated": [
        "feedback.tasks.give_back_customer",
        "surveys.tasks.give_back_customer",
        "analytics.tasks.give_back_customer",
    ],
    "accounts.CustomerRegarded": ["feedback.tasks.settle_promises_to"],
    "accounts.MailCameBack": ["surveys.tasks.note_delivery"],
    # In this order: what routes a record waits a moment for what reads it.
    "feedback.FeedbackReceived": [
        "analytics.tasks.read_new_feedback",
        "feedback.tasks.route_new_feedback",
    ],
    "feedback.MessageReceived": ["analytics.tasks.read_new_message"],
    "feedback.FeedbackResolved": [
        "feedback.tasks.tell_author_of_suggestion",
        "surveys.tasks.plan_call_back",
    ],
    "feedback.FeedbackAnonymised": [
        "surveys.tasks.forget_who_answered",
        "analytics.tasks.forget_readings",
    ],
    "feedback.FeedbackReopened": ["surveys.tasks.cancel_call_back"],
    "feedback.FeedbackTakenFromSpam": ["analytics.tasks.read_taken_from_spam"],
    "surveys.ResponseSubmitted": [
        "surveys.tasks.check_response",
        "analytics.tasks.read_new_response",
    ],
    "surveys.ResponseCorrected": ["analytics.tasks.read_corrected_response"],
}

# --- Reading ----------------------------------------------------------------------------------
# So many seconds routing waits for a record to be read before it goes on without; 0: not at all.
READING_WAIT = env.float("READING_WAIT", default=5.0)

# --- Privacy ----------------------------------------------------------------------------------
# 1: nobody exports, anonymises or erases a customer's data without a second person.
PRIVACY_NEEDS_APPROVAL = env.bool("PRIVACY_NEEDS_APPROVAL", default=False)

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.RolesBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff are invited by an admin; there is no sign-up
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Addresses are given by an admin; nobody is sent a mail to prove that theirs is their own.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_TOTP_ISSUER = SITE_NAME
USERSESSIONS_TRACK_ACTIVITY = False

# --- Language and time ------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

# --- Files ------------------------------------------------------------------------------------


def _inside(package: str, *parts: str) -> Path:
    """A folder of an installed package, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured(f"{package} is not installed: run `make install`.")
    return Path(next(iter(spec.submodule_search_locations))).joinpath(*parts)


STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("tabler", _inside("jazzy_tabler", "static", "vendor", "tabler")),
]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Trained while installing, beside the packages: code and data may be elsewhere, or read only.
SENTIMENT_PRIOR_DIR = Path(
    env.str("SENTIMENT_PRIOR_DIR", default=str(Path(sys.prefix) / "share" / "huiyin"))
)
MEDIA_ROOT = DATA_DIR / "media"  # never served by URL: every file goes through a permission check
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.kernel.static_storage.ManifestStorage"
    },
}

# --- Mail -------------------------------------------------------------------------------------
# With DEBUG the development mail server beside the web (manage.py dev) takes everything.
EMAIL_HOST = env.str("SMTP_HOST", default="127.0.0.1")
SMTP_IS_SET = bool(env.str("SMTP_HOST", default=""))  # else no answer is expected there yet
EMAIL_PORT = env.int("SMTP_PORT", default=8025 if DEBUG else 25)
EMAIL_HOST_USER = env.str("SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="")
# Signing in to it with OAuth 2: fields of config.kernel.oauth.Application; {} = by password.
SMTP_OAUTH = {
    "token_url": env.str("SMTP_OAUTH_TOKEN_URL", default=""),
    "client_id": env.str("SMTP_OAUTH_CLIENT_ID", default=""),
    "client_secret": env.str("SMTP_OAUTH_CLIENT_SECRET", default=""),
    "refresh_token": env.str("SMTP_OAUTH_REFRESH_TOKEN", default=""),
    "scope": env.str("SMTP_OAUTH_SCOPE", default=""),
}
if not SMTP_OAUTH["token_url"]:
    SMTP_OAUTH = {}
EMAIL_USE_TLS = env.bool("SMTP_STARTTLS", default=False)
EMAIL_USE_SSL = env.bool("SMTP_SSL", default=False)
EMAIL_TIMEOUT = 30
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default=_site_host)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{MAIL_DOMAIN}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
MAIL_MAX_BYTES = env.int("MAIL_MAX_BYTES", default=25 * 1024 * 1024)
# In a header of everything we send: mail that comes back with it is our own and ends there.
INSTANCE_ID = env.str(
    "INSTANCE_ID", default=sha256(f"huiyin.instance.{SECRET_KEY}".encode()).hexdigest()[:16]
)
# Acknowledgements from nobody, so that no bounce comes back; some servers refuse it.
MAIL_ACK_NULL_SENDER = env.bool("MAIL_ACK_NULL_SENDER", default=False)
# A return address of its own for each mail; needs a server that lets us choose it.
MAIL_VERP = env.bool("MAIL_VERP", default=False)
# Keys that sign our mail (DKIM), each "domain:selector:file". When one cannot be used its mail
# waits, unless it may go out unsigned.
MAIL_DKIM_KEYS = env.list("MAIL_DKIM_KEYS", default=[])
MAIL_DKIM_OPTIONAL = env.bool("MAIL_DKIM_OPTIONAL", default=False)
# So many mails over one connection, then a new one; so many a minute to addresses of one domain
# ("*" is any other; not named = as many as there are).
MAIL_PER_CONNECTION = env.int("MAIL_PER_CONNECTION", default=100)
MAIL_PER_MINUTE = {
    domain.lower(): int(most) for domain, most in env.dict("MAIL_PER_MINUTE", default={}).items()
}
# What a fresh installation asks after feedback was resolved, and how rarely one person; later
# it is changed at the collector in the admin. Trying the product out should not take a day.
CALL_BACK_DELAY_MINUTES = env.int("CALL_BACK_DELAY_MINUTES", default=2 if DEBUG else 24 * 60)
# Answers that were begun and not handed in: after so many days they are responses in part.
DRAFT_DAYS = env.int("DRAFT_DAYS", default=14)
# Hosts that the end of a survey may send people on to, beside our own.
ANSWER_REDIRECT_HOSTS = env.list("ANSWER_REDIRECT_HOSTS", default=[])
CALL_BACK_QUIET_DAYS = env.int("CALL_BACK_QUIET_DAYS", default=0 if DEBUG else 14)
RECALL_SECONDS = env.int("RECALL_SECONDS", default=10)  # an answer can be taken back so long
CURRENCY = env.str("CURRENCY", default="CNY")  # of compensations and their limits
DEV_SMTP_PORT = EMAIL_PORT
# Of manage.py dev. The handler is called with (envelope sender, recipients, bytes) for each
# mail its server takes; /outbox/ shows them to whoever sits at the machine.
DEV_MAIL_HANDLER = env.str("DEV_MAIL_HANDLER", default="feedback.channels.development.take_mail")
# Dotted path to a function that gives the demo's logins: objects with role, email, password.
DEV_LOGINS = "accounts.selectors.demo_logins.demo_logins"
# Pages to point at, as rows of (label, URL name).
DEV_PAGES = [("Mail that was sent", "accounts:outbox")]
DEV_OUTBOX = DEBUG and env.bool("DEV_OUTBOX", default=True)

# --- Asking other machines (webhooks, calendars by address) ------------------------------------
# Hosts ("name" or "name:port") inside our own network that admins may nevertheless name.
FETCH_INTERNAL_HOSTS = env.list("FETCH_INTERNAL_HOSTS", default=[])
FETCH_PLAIN_HTTP = env.bool("FETCH_PLAIN_HTTP", default=False)  # also without TLS
FETCH_PORTS = [int(port) for port in env.list("FETCH_PORTS", default=["443", "8443"])]
# A webhook whose receiver fails for so long is paused; what was delivered is kept so long.
WEBHOOK_PAUSE_DAYS = env.int("WEBHOOK_PAUSE_DAYS", default=5)
WEBHOOK_KEEP_DAYS = env.int("WEBHOOK_KEEP_DAYS", default=30)

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # The schema says what there is; OPTIONS would say it once more, and less well.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.ScopedPermission"],
    "DEFAULT_FILTER_BACKENDS": [
        "config.kernel.api.StrictFilterBackend",
        "config.kernel.api.StrictOrdering",
    ],
    "DEFAULT_PAGINATION_CLASS": "config.kernel.api.NewestFirst",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.kernel.api_schema.ProductSchema",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttles.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": "600/min", "upload": "60/min"},
    "EXCEPTION_HANDLER": "config.kernel.api.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Huiyin API",
    "DESCRIPTION": (
        "Feedback, customers and survey answers for programs. Every request carries a token in "
        "`Authorization: Bearer …`; every refusal is a problem document (RFC 9457) with a stable "
        "`code`; lists come in pages by cursor. Tokens are made at `/account/tokens/`."
    ),
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # With links to single addresses, Swagger UI puts a link into a button.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AlertKindEnum": "analytics.enums.AlertKind.choices",
        "AlertDismissalEnum": "analytics.enums.Dismissal.choices",
        "ChannelEnum": "feedback.enums.Channel.choices",
        "PersonalDataKindEnum": "accounts.enums.PersonalDataKind.choices",
        "ContactKindEnum": "accounts.enums.ContactKind.choices",
        "LanguageEnum": "config.settings.LANGUAGES",
        "StateEnum": "feedback.enums.State.choices",
        "TaskKindEnum": "feedback.enums.TaskKind.choices",
        "TemplateKindEnum": "feedback.enums.TemplateKind.choices",
        "SurveyKindEnum": "surveys.enums.SurveyKind.choices",
        "SurveyStatusEnum": "surveys.enums.SurveyStatus.choices",
        "VersionStateEnum": "surveys.enums.VersionState.choices",
        "DecisionEnum": "feedback.enums.Decision.choices",
        "ResponseDecisionEnum": ["count", "leave_out"],
        "DistributionEnum": "feedback.enums.Distribution.choices",
        "ImportStateEnum": "surveys.enums.ImportState.choices",
        "ResponseStatusEnum": "surveys.enums.ResponseStatus.choices",
        "InvitationStateEnum": "surveys.enums.InvitationState.choices",
        "NotAskedEnum": "surveys.enums.NotAsked.choices",
        "CollectorChannelEnum": "surveys.enums.CollectorChannel.choices",
        "DeliveryStateEnum": "accounts.enums.OutgoingState.choices",
        "JobStateEnum": "feedback.enums.JobState.choices",
        "PriorityEnum": ["low", "normal", "high", "urgent"],
        "NoticeKindEnum": "feedback.enums.NoticeKind.choices",
        "EscalationKindEnum": "feedback.enums.EscalationKind.choices",
        "RetentionActionEnum": "feedback.enums.RetentionAction.choices",
        "PrivacyKindEnum": "accounts.enums.PrivacyKind.choices",
        "PrivacyStateEnum": "accounts.enums.PrivacyState.choices",
        "CommitmentKindEnum": "feedback.enums.CommitmentKind.choices",
        "NegativePointKindEnum": "feedback.enums.NegativePointKind.choices",
        "TraceStateEnum": "feedback.enums.TraceState.choices",
        "WebhookStateEnum": "accounts.enums.WebhookState.choices",
        "ClockEventKindEnum": "feedback.enums.ClockEventKind.choices",
        "DraftKindEnum": "feedback.enums.DraftKind.choices",
        "RewardKindEnum": "surveys.enums.RewardKind.choices",
        "ProblemStatusEnum": "analytics.enums.ProblemStatus.choices",
        "MeasureStatusEnum": "analytics.enums.MeasureStatus.choices",
        "MeasureKindEnum": "analytics.enums.MeasureKind.choices",
        "ReportStateEnum": "analytics.enums.ReportState.choices",
        "PublicationStateEnum": "analytics.enums.PublicationState.choices",
        "PublicationKindEnum": "analytics.enums.PublicationKind.choices",
        "ReportLanguageEnum": "analytics.enums.ReportLanguage.choices",
        "PromiseEnum": "feedback.enums.Metric.choices",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.kernel.api_schema.declare_problems",
        "config.kernel.api_schema.let_patterns_be_empty",
    ],
}

# --- Watching ---------------------------------------------------------------------------------
# Lets a Prometheus on another machine read /metrics and the details of /readyz.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Logs -------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.kernel.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "config.kernel.logs.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if DEBUG else "json",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django-q": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
