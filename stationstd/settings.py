"""Settings of StationStd. Everything that differs between machines comes from the environment (docs/setup.md)."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from stationstd import env

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.one_of("STATIONSTD_ENV", ("demo", "test", "production"), "demo")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = False
TEST = ENVIRONMENT == "test"

# A demo or test secret protects nothing that matters; production must bring its own.
SECRET_KEY = env.text("SECRET_KEY") if PRODUCTION else env.text("SECRET_KEY", "not-secret-for-demo-and-tests-only" * 2)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
VAR = Path(env.text("STATIONSTD_VAR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "stationstd",
    "assessments",
    "personnel",
    "stations",
    "audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "treebeard",
]

MIDDLEWARE = [
    "stationstd.proxies.ProxyMiddleware",
    "stationstd.requestlog.RequestLogMiddleware",
    # What every answer carries, also that of a static file or of a request nobody can read.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "stationstd.middleware.EdgeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stationstd.middleware.LanguageMiddleware",
    "stationstd.dbwatch.DatabaseWatchMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "stationstd.limits.LimitsMiddleware",
    "personnel.middleware.FactorMiddleware",
    "stationstd.middleware.LoginMiddleware",
    "personnel.middleware.PasswordMiddleware",
    "stationstd.middleware.RefusalMiddleware",
    "stationstd.keys.KeysMiddleware",
    "stationstd.noticing.PersonalNumbersMiddleware",
]

ROOT_URLCONF = "stationstd.urls"
WSGI_APPLICATION = "stationstd.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "stationstd.navigation.navigation",
            ],
        },
    }
]

# The hash of the log: SHA-256, or SM3 (GB/T 32905) through OpenSSL where domestic cryptography is asked for.
AUDIT_HASH = env.one_of("AUDIT_HASH", ("sha256", "sm3"), "sha256")

# One statement may take so many seconds. A page may not: stationstd.wsgi says 10.
STATEMENT_SECONDS = env.whole("STATEMENT_SECONDS", 600)
DATABASES = {
    # A spreadsheet is scored without a database (manage.py score); production never starts without one.
    "default": env.database(required=PRODUCTION)
    | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=5s "
            f"-c idle_in_transaction_session_timeout=30s -c stationstd.audit_hash={AUDIT_HASH}",
        },
    }
}
# What `manage.py database_roles`, run by the owner, sets for the two roles that own nothing; "" leaves them alone.
DATABASE_APP_PASSWORD = env.text("DATABASE_APP_PASSWORD", "")
DATABASE_AUDITOR_PASSWORD = env.text("DATABASE_AUDITOR_PASSWORD", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "personnel.User"
AUTHENTICATION_BACKENDS = ["personnel.backends.CountingBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = ["personnel.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"personnel.passwords.{rule}"} for rule in ("Length", "Kinds", "Names", "Runs", "Pinyin")
] + [{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}]  # 20,000 of them, with Django
# After so many days a password is replaced; the person is told a week before.
PASSWORD_DAYS = env.whole("PASSWORD_DAYS", 90, between=(30, 180))
# An account nobody has logged in with for so many days is deactivated at night.
STALE_ACCOUNT_DAYS = env.whole("STALE_ACCOUNT_DAYS", 90, between=(30, 400))
# Roles that must have a second factor; any account may have one.
_ROLES = ("chief", "clerk", "reviewer", "leader", "sysadmin", "secadmin", "auditor")
SECOND_FACTOR_ROLES = env.some_of("SECOND_FACTOR_ROLES", _ROLES)
# Encrypt the secrets of second factors: with the first one, read with any. Without one the secret key does it.
SECOND_FACTOR_KEYS = env.names("SECOND_FACTOR_KEYS") or [SECRET_KEY]
# The header in which the gateway says whose certificate it has checked; "" without such a gateway.
CERTIFICATE_HEADER = env.text("CERTIFICATE_HEADER", "")

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["stationstd.formats"]

# Files: other people's front-end packages are installed by npm, never committed.
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
NODE = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", NODE / "bootstrap" / "dist"),
    ("bootstrap-icons", NODE / "bootstrap-icons" / "font"),
    ("echarts", NODE / "echarts" / "dist"),
    ("htmx", NODE / "htmx.org" / "dist"),
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage."
        + ("ManifestStaticFilesStorage" if PRODUCTION else "StaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR / "files"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Evidence
EVIDENCE_IMAGE_BYTES = 10 * 1024 * 1024
EVIDENCE_PDF_BYTES = 20 * 1024 * 1024
EVIDENCE_FILES_PER_ASSESSMENT = 100
EVIDENCE_BYTES_PER_ASSESSMENT = 300 * 1024 * 1024
# A command that reads a file on standard input; exit code 0 clean, 1 found, all else no answer (docs/security.md).
EVIDENCE_SCANNER = env.text("EVIDENCE_SCANNER", "")
# A request in all: one PDF of evidence and its form, as deploy/nginx.conf has it; and what of it is no file.
REQUEST_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# The addresses of the proxy in front ("local" for a socket); what others say of address or scheme is dropped.
PROXY_ADDRESSES = env.names("PROXY_ADDRESSES")
# Who reads the figures of /readyz.
MONITORING_ADDRESSES = env.names("MONITORING_ADDRESSES")

# Edges
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "stationstd.sessionstore"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # only there when a proxy of ours says so
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "stationstd.errors.csrf_failure"

# Celery is a doorbell: correctness lives in the job table (architecture.md, decision 5).
CELERY_BROKER_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
# A new process loads fonts and charts before it reports; Celery's own 4 seconds kill it over and over when it is busy.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000  # KiB
# Told to quit at once, a worker still has so many seconds for the report it is making.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task may take, and said in all places where Celery may look for it: the shortest wins.
CELERY_VISIBILITY_TIMEOUT = 3600
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    # Without Redis a request must not wait for it: the sweep rings later.
    "max_retries": 0,
}
CELERY_TIMEZONE = TIME_ZONE
# A worker renews its lease while it works; a dead one's job is taken over after this long.
JOB_LEASE_SECONDS = env.whole("JOB_LEASE_SECONDS", 60)
# The file of a report may be fetched for so many days; then it is removed, and the report is asked for again.
REPORT_DAYS = env.whole("REPORT_DAYS", 7, between=(1, 90))
# What stands out in a sheet, and from where on: docs/flags.md.
FLAG_LIMITS = env.text("STATIONSTD_FLAGS", "")
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "assessments.tasks.sweep", "schedule": 10.0},
    "seal-log": {"task": "audit.tasks.seal", "schedule": 60.0},
    "tidy-reports": {"task": "assessments.tasks.tidy_reports", "schedule": crontab(minute=20)},
    "scan-evidence": {"task": "assessments.tasks.scan_evidence", "schedule": crontab(minute="*/10")},
    "tidy-evidence": {"task": "assessments.tasks.tidy_evidence", "schedule": crontab(hour=3, minute=20)},
    "scrub-evidence": {"task": "assessments.tasks.scrub_evidence", "schedule": crontab(hour=3, minute=25)},
    "stale-accounts": {"task": "personnel.tasks.deactivate_stale", "schedule": crontab(hour=3, minute=50)},
    "tidy-logins": {"task": "personnel.tasks.tidy", "schedule": crontab(hour=3, minute=40)},
    "verify-log": {"task": "audit.tasks.verify_nightly", "schedule": crontab(hour=2, minute=30)},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "formatters": {"json": {"()": "stationstd.logs.JsonLines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would print once more, in another form, or mail tracebacks with the values in them.
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # A line for each request; the demo's terminal is for people.
        "stationstd.request": {"level": "INFO" if PRODUCTION else "WARNING"},
        # Seal codes: whoever collects this log elsewhere can tell when the database was rewritten.
        "audit.seal": {"level": "INFO"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
