"""Django's settings. What a site may choose comes from the environment; `docs/reference/site.md` lists it."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, SELF

from openpoems.web.config.environment import BadSetting, Environment

env = Environment(os.environ)

WEB = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("OPENPOEMS_DATA", Path.cwd() / "openpoems-data")

# --- demo, development, production ----------------------------------------------------------------------------------
DEMO = env.flag("OPENPOEMS_DEMO")  # invented people, shown accounts, plain http on this machine
DEBUG = env.flag("OPENPOEMS_DEBUG")
SECURE = not (DEMO or DEBUG)

SECRET_KEY = env.text("OPENPOEMS_SECRET_KEY")
if not SECRET_KEY:
    if SECURE:
        raise BadSetting("OPENPOEMS_SECRET_KEY: set 50 random characters or more")
    SECRET_KEY = "insecure-and-only-for-a-demo-on-this-machine"  # noqa: S105 - never reached in production
KEY_RING = env.path("OPENPOEMS_KEY_RING", DATA_DIR / "identity-keys.json")
ERASURES = env.path("OPENPOEMS_ERASURES", KEY_RING.with_name("erasures.jsonl"))  # outlives a restore

HOSTS_GIVEN = bool(env.words("OPENPOEMS_HOSTS"))
ALLOWED_HOSTS = env.words("OPENPOEMS_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.words("OPENPOEMS_ORIGINS")

# --- the parts ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # the accounts' pages say "two days ago"
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "openpoems.web.config",
    "openpoems.web.audit",
    "openpoems.web.accounts",
    "openpoems.web.registry",
    "openpoems.web.insight",
    "openpoems.web.clinic",
    "openpoems.web.api",
    "openpoems.web.fhir",
    "openpoems.web.answers",
    "openpoems.web.library",
    "openpoems.web.attention",
    "openpoems.web.portal",
    "openpoems.web.glossary",
    "openpoems.web.community",
    "openpoems.web.course",
]

MIDDLEWARE = [
    "openpoems.web.api.middleware.ReadableErrorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "openpoems.web.config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "openpoems.web.accounts.idle.IdleMiddleware",
    "openpoems.web.api.middleware.KeyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openpoems.web.config.not_allowed.NotAllowedMiddleware",
    "openpoems.web.accounts.gate.SecondFactorMiddleware",
    "openpoems.web.accounts.gate.DenyByDefaultMiddleware",
    "openpoems.web.portal.asking.ConsentMiddleware",
    "openpoems.web.audit.middleware.ActorMiddleware",
    "openpoems.web.registry.imports.limits.LargeBodyMiddleware",
]

ROOT_URLCONF = "openpoems.web.config.urls"
WSGI_APPLICATION = "openpoems.web.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "openpoems.web.accounts.menu.menu",
                "openpoems.web.portal.asking.questions",
                "openpoems.web.clinic.menu.menu",
                "openpoems.web.demo.views.banner",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA_DIR / "openpoems.sqlite3"),
    "OPTIONS": {
        # A write begins as a write: two of them wait for each other instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    },
}
if env.text("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {"default": _SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that every process counts the same failed sign-ins.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if env.flag("OPENPOEMS_TASKS_AT_ONCE")
        else "django_tasks_db.DatabaseBackend",
        "ENQUEUE_ON_COMMIT": True,
    }
}

# --- who signs in ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_SIGNUP_REDIRECT_URL = "start"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "openpoems.web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False  # computers in clinics are shared: closing the browser signs out
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",  # key: the address that was tried
    "signup": "10/m/ip",
    "reset_password": "10/m/ip,5/m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "openpoems"
MFA_TOTP_TOLERANCE = 1  # a code counts for half a minute more on either side: clocks differ, and hands are slow
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if env.text("OPENPOEMS_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("OPENPOEMS_OIDC_NAME", "Your organisation"),
                "client_id": env.text("OPENPOEMS_OIDC_CLIENT_ID"),
                "secret": env.text("OPENPOEMS_OIDC_SECRET"),
                "settings": {"server_url": env.text("OPENPOEMS_OIDC_SERVER")},
            }
        ]
    }
_oidc = urlsplit(env.text("OPENPOEMS_OIDC_SERVER"))
_SIGN_IN_ELSEWHERE = [f"{_oidc.scheme}://{_oidc.netloc}"] if _oidc.netloc else []

# --- safety ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the QR code of a second factor
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF, *_SIGN_IN_ELSEWHERE],  # a form may lead on to where an organisation signs in
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
IDLE_MINUTES = env.number("OPENPOEMS_IDLE_MINUTES", 60)
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
BEHIND_PROXY = env.flag("OPENPOEMS_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
IMPORT_MAX_BYTES = 12 * 1024 * 1024  # of one source, packed or unpacked
IMPORT_ROOM_FOR_FIELDS = 64 * 1024  # of a form, beside its file
IMPORT_MAX_LINES = 20_000  # of one table: some seconds of work, while others wait
IMPORT_MAX_PARTS = 1_000_000  # cells of a table, values of JSON
IMPORTS_PER_HOUR = 60  # of one account
API_PER_MINUTE = env.number("OPENPOEMS_API_PER_MINUTE", 600)  # requests with one key, or one account's session
DATA_UPLOAD_MAX_MEMORY_SIZE = IMPORT_MAX_BYTES
# What is sent is never written to the disk before it is accepted: larger bodies are refused (see `imports.limits`).
FILE_UPLOAD_MAX_MEMORY_SIZE = IMPORT_MAX_BYTES + IMPORT_ROOM_FOR_FIELDS

# --- words and pictures ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "openpoems.web.formats"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = not SECURE
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SECURE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"

# --- mail, and what is said of errors -------------------------------------------------------------------------------
EMAIL_HOST = env.text("OPENPOEMS_MAIL_HOST")
EMAIL_PORT = env.number("OPENPOEMS_MAIL_PORT", 587)
EMAIL_HOST_USER = env.text("OPENPOEMS_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("OPENPOEMS_MAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("OPENPOEMS_MAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("OPENPOEMS_MAIL_FROM", "openpoems@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.console.EmailBackend"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django mails the request of a failed page, with its data: nobody is mailed here.
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "openpoems.web.config.discretion.DiscreetReporterFilter"
