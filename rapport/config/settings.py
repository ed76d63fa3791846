"""Django settings. Every value has a default that works; the environment overrides it."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from rapport.engine.runtime.home import Home

HOME = Home.from_env()
RAPPORT_HOME = HOME.path
BASE_DIR = Path(__file__).resolve().parent.parent.parent
SITE_URL = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8000")
IS_HTTPS = SITE_URL.startswith("https://")

SECRET_KEY = HOME.secret("secret_key")
DEBUG = False
ALLOWED_HOSTS = HOME.allowed_hosts(SITE_URL)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "rapport.engine.runtime.apps.RuntimeConfig",
    "rapport.engine.jobs.apps.JobsConfig",
    "rapport.engine.events.apps.EventsConfig",
    "rapport.engine.files.apps.FilesConfig",
    "rapport.engine.outbox.apps.OutboxConfig",
    "rapport.engine.records.apps.RecordsConfig",
    "rapport.engine.api.apps.ApiConfig",
    "rapport.engine.web.apps.WebConfig",
    "rapport.engine.accounts.apps.AccountsConfig",
    "rapport.engine.collaboration.apps.CollaborationConfig",
    "rapport.customers.apps.CustomersConfig",
    "rapport.activities.apps.ActivitiesConfig",
    "rapport.config.apps.ConfigConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rapport.engine.web.middleware.PageMiddleware",
    "rapport.engine.accounts.middleware.ActorMiddleware",
]

ROOT_URLCONF = "rapport.config.urls"
WSGI_APPLICATION = "rapport.config.asgi.wsgi_application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {"environment": "rapport.engine.web.jinja.environment"},
    },
]

# What the very first start of a home runs, unless it is to stay empty.
FIRST_START = [("demo", "--people", "2000", "--if-empty")]

DATABASES = HOME.databases()
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counters of tries are shared by all processes, and outlive them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "remembered",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
# The second one is for sessions begun before there was the first.
AUTHENTICATION_BACKENDS = ["rapport.engine.accounts.backend.Backend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["rapport.engine.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "rapport.engine.accounts.leaks.NotLeaked"},
]
PWNED_PASSWORDS_URL = os.environ.get("RAPPORT_PWNED_PASSWORDS_URL", "https://api.pwnedpasswords.com")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "rapport.engine.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "rapport.engine.accounts.forms.SignInForm",
    "change_password": "rapport.engine.accounts.forms.ChangePasswordForm",
    "set_password": "rapport.engine.accounts.forms.SetPasswordForm",
    "reset_password": "rapport.engine.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "rapport.engine.accounts.forms.NewPasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "rapport.engine.accounts.reset.ResetTokens"  # noqa: S105 — a class
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
# How long it counts that somebody has shown who they are; after that, what matters asks again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(os.environ.get("RAPPORT_CONFIRM_MINUTES", "15")) * 60
ACCOUNT_RATE_LIMITS = {
    "one_time_link": "30/m/ip,300/h/ip",
    "reset_password": "20/m/ip,100/d/ip,5/h/key",
    "reset_password_from_key": "20/m/ip,200/h/ip",
    "change_password": "5/m/user,50/d/user",
}
MFA_ADAPTER = "rapport.engine.accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Rapport"
# Our own doors ask again where it matters.
MFA_REAUTHENTICATION_REQUIRED = False
MFA_FORMS = {
    "authenticate": "rapport.engine.accounts.factors.forms.CodeForm",
    "authenticate_webauthn": "rapport.engine.accounts.factors.forms.PasskeyForm",
    "login_webauthn": "rapport.engine.accounts.factors.forms.PasskeySignInForm",
}
# Behind TLS stands one front that we trust to name the client.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0
LOGOUT_REDIRECT_URL = "account_login"

SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
KNOWN_COOKIE_NAME = "__Host-browser" if IS_HTTPS else "browser"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
# Whether other hosts of the domain speak TLS only is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME.path / "static"
STATICFILES_DIRS = [("npm", BASE_DIR / "node_modules" / "htmx.org" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "rapport.engine.web.assets.HashedFiles"},
}
MEDIA_ROOT = HOME.path / "files"

API_REQUESTS_A_MINUTE = int(os.environ.get("RAPPORT_API_RATE", "600"))
# What the audit calls a large export and much reading of sensitive fields in a day, and how long it is kept.
AUDIT_LARGE_EXPORT = int(os.environ.get("RAPPORT_AUDIT_LARGE_EXPORT", "1000"))
AUDIT_MANY_READS = int(os.environ.get("RAPPORT_AUDIT_MANY_READS", "200"))
AUDIT_KEPT_DAYS = int(os.environ.get("RAPPORT_AUDIT_KEPT_DAYS", "1096"))
AUDIT_READS_KEPT_DAYS = int(os.environ.get("RAPPORT_AUDIT_READS_KEPT_DAYS", "366"))
AUDIT_READS_WRITTEN_AFTER = 5.0  # seconds
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The form of a role names every field of every record type.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
