"""Django's settings, made from gongzhi.site.config. Nothing here reads the environment itself."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from gongzhi.site import config as configuration
from gongzhi.site import logs

CONFIG = configuration.read()
ROOT = Path(__file__).resolve().parents[2]
HOME = configuration.home(CONFIG)


def _database(url: str) -> dict[str, Any]:
    given = conninfo_to_dict(url) if url else {}
    return {
        "ENGINE": "gongzhi.site.postgres",
        "NAME": given.pop("dbname", ""),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "OPTIONS": given,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def form_targets(issuer: str) -> list[str]:
    """Where forms may lead: here, and where the city signs its staff in; browsers ask this of
    redirects too.
    """
    at = urlsplit(issuer)
    return [SELF, f"{at.scheme}://{at.netloc}"] if issuer else [SELF]


def tile_servers(tiles: str) -> list[str]:
    """Where the background of maps may be fetched from, besides here."""
    at = urlsplit(tiles)
    return [f"{at.scheme}://{at.netloc}"] if at.netloc else []


# `default` is the application's role: it reads what the scope allows and writes cases through
# SQL functions only. `owner` is for migrations, loading and verifying; no surface uses it.
DATABASES = {
    "default": _database(configuration.app_url(CONFIG)),
    "owner": _database(CONFIG.database_url),
}
LOGGING = logs.logging(CONFIG.log_level)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = CONFIG.secret_key or "unset: gongzhi doctor says what to do"
DEBUG = CONFIG.debug
ALLOWED_HOSTS = CONFIG.hosts.split(",")
INSTALLED_APPS = [
    "gongzhi.places",
    "gongzhi.people",
    "gongzhi.cases",
    "gongzhi.documents",
    "gongzhi.notices",
    "gongzhi.ui",
    "gongzhi.networks",
    "gongzhi.networks.investigation",
    "gongzhi.networks.resolution",
    "gongzhi.networks.responsibility",
    "gongzhi.portal",
    "gongzhi.desk",
    "gongzhi.field",
    "gongzhi.command",
    "gongzhi.mechanisms.mediation",
    "gongzhi.mechanisms.petitions",
    "gongzhi.mechanisms.roads",
    "gongzhi.mechanisms.neighbourhoods",
    "gongzhi.mechanisms.safety",
    "gongzhi.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "gongzhi.site.logs.Middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongzhi.ui.unstorable.Middleware",
]
ROOT_URLCONF = "gongzhi.site.urls"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "gongzhi.ui.context.house",
            ]
        },
    }
]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Rates are counted here: with the usual 300, who comes in numbers would be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = CONFIG.language
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    ("maplibre", ROOT / "node_modules/maplibre-gl/dist"),
    ("htmx", ROOT / "node_modules/htmx.org/dist"),
    ("signature_pad", ROOT / "node_modules/signature_pad/dist"),
]
WHITENOISE_USE_FINDERS = DEBUG

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/desk/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "gongzhi.people.signin.Adapter"
ACCOUNT_FORMS = {"login": "gongzhi.people.signin.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    # The portal's public pages, counted by the same library.
    "report": f"{CONFIG.reports_per_hour}/h/ip",
    "track": "30/10m/ip",
    "feed": "300/10m/ip",
    "road": "300/10m/ip",
    "campaign": "300/10m/ip",
    # Residents' registrations: many behind one address of a phone network; finding one's own.
    "resident": "300/10m/ip",
    "register": "120/h/ip",
    "find": "30/10m/ip",
    "neighbourhood": "300/10m/ip",
    # By the key in a household's own link: many households come from one address of a carrier.
    "home_notice": "120/10m/key",
    "need": "60/10m/ip",
    "door": "300/10m/ip",
    "site": "300/10m/ip",
    "account": "300/10m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.proxies
MFA_ADAPTER = "gongzhi.people.signin.MfaAdapter"
SOCIALACCOUNT_ADAPTER = "gongzhi.people.signin.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "city",
                "name": "OpenID",
                "client_id": CONFIG.oidc_client,
                "secret": CONFIG.oidc_secret,
                "settings": {"server_url": CONFIG.oidc_url},
            }
        ]
        if CONFIG.oidc_url
        else []
    }
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Gongzhi 共治"
# A code is typed as its half minute ends: the one before still holds (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31536000 if CONFIG.https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *tile_servers(CONFIG.tiles)],
        "font-src": [SELF],
        "connect-src": [SELF, *tile_servers(CONFIG.tiles)],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": form_targets(CONFIG.oidc_url),
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

if CONFIG.smtp_url:
    _smtp = urlsplit(CONFIG.smtp_url)
    EMAIL_HOST = _smtp.hostname or "127.0.0.1"
    EMAIL_PORT = _smtp.port or 25
    EMAIL_HOST_USER = unquote(_smtp.username or "")
    EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
    EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = CONFIG.mail_from
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024

# Personal data (gongzhi.people.sealing)
FIELD_KEYS = CONFIG.field_keys
INDEX_KEY = CONFIG.index_key
# Attachments (gongzhi.cases.files)
FILES = CONFIG.files or str(HOME / "files")
S3_ENDPOINT = CONFIG.s3_endpoint
