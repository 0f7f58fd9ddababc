# SPDX-License-Identifier: Apache-2.0
"""Django's settings, all that varies taken from `environment`."""

from __future__ import annotations

from pathlib import Path

from .environment import data_dir, database_settings, read_environment, secret_key
from .logs import logging_settings

ENV = read_environment()
DATA_DIR: Path = data_dir(ENV["DATA_DIR"])
DEFINITIONS_DIR: Path = ENV["DEFINITIONS_DIR"]
FONTS_DIR: str = ENV["FONTS_DIR"]
SECRET_KEY = secret_key(DATA_DIR, ENV["SECRET_KEY"])
VAULT_KEYS: str = ENV["VAULT_KEYS"]
VAULT_ALGORITHM: str = ENV["VAULT_ALGORITHM"]
DEBUG: bool = ENV["DEBUG"]
ALLOWED_HOSTS: list[str] = ENV["ALLOWED_HOSTS"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
    "yiwang.apps.vault",
    "yiwang.apps.journal",
    "yiwang.apps.identity",
    "yiwang.apps.catalogue",
    "yiwang.apps.seals",
    "yiwang.apps.signatures",
    "yiwang.apps.licences",
    "yiwang.apps.materials",
    "yiwang.apps.notices",
    "yiwang.apps.benefits",
    "yiwang.apps.presentment",
    "yiwang.apps.waivers",
    "yiwang.apps.exchange",
    "yiwang.apps.gateway",
    "yiwang.apps.credit",
    "yiwang.apps.lookups",
    "yiwang.apps.quality",
    "yiwang.apps.data_security",
    "yiwang.apps.firms",
    "yiwang.apps.commitments",
    "yiwang.apps.casework",
    "yiwang.desks",
]

MIDDLEWARE = [
    "yiwang.desks.health.counting.CountAnswers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yiwang.desks.middleware.ActorMiddleware",
    "yiwang.desks.middleware.ErrorPages",
    "yiwang.desks.api.exchange.SignReplies",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yiwang.conf.urls"
WSGI_APPLICATION = "yiwang.conf.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yiwang.desks.context.common",
            ]
        },
    }
]

DATABASES = {"default": database_settings(ENV["DATABASE_URL"], DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS = ["username", "password"]
AXES_LOCKOUT_CALLABLE = "yiwang.desks.faults.locked_out"
AXES_CLIENT_IP_CALLABLE = "yiwang.desks.visitors.address_of"
PROXIES: list[str] = ENV["PROXIES"]

SESSION_ENGINE = "yiwang.apps.vault.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENV["HTTPS"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, without HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if ENV["HTTPS"] else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
METRICS_TOKEN: str = ENV["METRICS_TOKEN"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LOGGING = logging_settings(ENV["LOG_LEVEL"], access_lines=ENV["ACCESS_LOG"])
DEFAULT_EXCEPTION_REPORTER_FILTER = "yiwang.desks.faults.HideWhatWasSent"
CSRF_FAILURE_VIEW = "yiwang.desks.faults.page_too_old"
