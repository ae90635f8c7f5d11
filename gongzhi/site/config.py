"""All configuration, read once from the environment and checked at start.

Every setting is one field of `Config`; `docs/reference/configuration.md` is made from it.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from cryptography.hazmat.primitives import hashes, hmac


class ConfigError(Exception):
    """A setting is missing or cannot be used."""


def setting(default: Any, means: str, *, secret: bool = False) -> Any:
    """A field of Config: its default as text, what it means, whether it is secret."""
    return field(default=default, metadata={"means": means, "secret": secret})


@dataclass(frozen=True)
class Config:
    """What an operator can set. Names in the environment are GONGZHI_ and the field in capitals."""

    demo: bool = setting(False, "Demo mode: marks every page as demo and allows demo sign-ins.")
    debug: bool = setting(False, "Show error details in the browser. For developers only.")
    port: int = setting(8000, "Port of the web server.")
    host: str = setting("127.0.0.1", "Address the web server listens on.")
    hosts: str = setting("127.0.0.1,localhost", "Host names the site answers to, with commas.")
    web_workers: int = setting(1, "Web worker processes.")
    web_threads: int = setting(4, "Threads (and database connections) per web worker.")
    home: str = setting(".gongzhi", "Folder for data of the embedded database, files and logs.")
    database_url: str = setting(
        "", "Owner's connection to PostgreSQL 15+, for migrations. Empty: embedded.", secret=True
    )
    app_database_url: str = setting(
        "", "The application's connection. Empty: same server, role gongzhi_app.", secret=True
    )
    secret_key: str = setting("", "Signs sessions; at least 32 characters.", secret=True)
    field_keys: str = setting(
        "",
        "Keys of personal data, name:base64 of 32 bytes, with commas; the first encrypts.",
        secret=True,
    )
    index_key: str = setting(
        "", "Key of the blind indexes of personal data; base64 of 32 bytes.", secret=True
    )
    https: bool = setting(False, "The site is reached by HTTPS: secure cookies and HSTS.")
    proxies: int = setting(0, "Trusted proxies in front, for the client's address.")
    language: str = setting("zh-hans", "First language of pages: zh-hans or en.")
    city: str = setting("zhaoqing", "City whose data `gongzhi city load` loads.")
    emergency_phone: str = setting("110", "Number shown where life or safety is in danger.")
    hotline: str = setting("12345", "Number of the city's hotline, shown to residents.")
    chief_names: bool = setting(
        False, "Public pages and signs name who holds a road or building chief's post, not only it."
    )
    tiles: str = setting(
        "", "Background of maps: address of WGS84 tiles with {z}, {x} and {y}. Empty: outlines."
    )
    tiles_by: str = setting("", "Whom to name for that background, on the map.")
    video: str = setting(
        "", "Address of video meetings; {number} stands for the case's number. Empty: none."
    )
    files: str = setting("", "Where attachments are kept: a folder, or s3://bucket/prefix.")
    s3_endpoint: str = setting("", "Endpoint of the S3 store, if files are kept there.")
    reports_per_hour: int = setting(60, "Reports taken from one address in an hour.")
    account_least: int = setting(
        5, "Public account: counts below this are withheld, none told apart from few. At least 3."
    )
    account_licence: str = setting(
        "", "Public account: licence of its open data, as a name or an address. Empty: not chosen."
    )
    overload_least: int = setting(
        10, "Open cases of a post from which it may count as overloaded. Our own number, no law's."
    )
    overload_times: int = setting(
        2, "Overloaded is a post with more than so many times the median of the others like it."
    )
    track_days: int = setting(
        30, "Days after which the way of a patrol is deleted; what it covered stays."
    )
    exhibit_days: int = setting(
        1095, "Days after which photos, voice notes and signatures of inspections are erased."
    )
    roll_call_minutes: int = setting(
        15, "Minutes a building chief has to answer a roll call, before a deputy is called."
    )
    accident_firm_minutes: int = setting(
        60, "Minutes a firm has to report an accident at work, from when it knew of it."
    )
    accident_level_minutes: int = setting(
        120, "Minutes each level has to report an accident at work to the level above."
    )
    accident_days: int = setting(
        30, "Days within which a death still counts as one of an accident at work."
    )
    accident_days_short: int = setting(7, "The same for fires and accidents on roads.")
    smtp_url: str = setting(
        "", "Mail server, smtp://user:password@host:port. Empty: no mail.", secret=True
    )
    mail_from: str = setting("", "Sender's address of mails.")
    report_mail_kb: int = setting(
        2048, "Largest PDF of a report that goes with its mail, in KB; a larger one is only a link."
    )
    site_url: str = setting(
        "", "Address of the site as people reach it, for links in notices. Empty: the first host."
    )
    notice_days: int = setting(3, "Days after which a notice that cannot be delivered is given up.")
    webhook_private: bool = setting(
        False, "Let webhooks lead to private and loopback addresses. For tests and demo."
    )
    sms_url: str = setting("", "Address of the SMS gateway, asked by POST. Empty: no SMS.")
    sms_headers: str = setting(
        "", "Headers for the SMS gateway, as Name: value, with semicolons.", secret=True
    )
    sms_body: str = setting(
        '{"to": "{to}", "text": "{text}", "id": "{id}"}',
        "Body for the SMS gateway, JSON or form fields; {to}, {text} and {id} are put in.",
    )
    live_seconds: int = setting(
        300, "Seconds after which an open page is asked again whether it may hear what happens."
    )
    metrics_token: str = setting(
        "", "Token with which other machines may read /metrics. Empty: only this one.", secret=True
    )
    oidc_url: str = setting(
        "",
        "Issuer of an OpenID Connect sign-in; its preferred_username is the username here. "
        "Empty: none.",
    )
    oidc_client: str = setting("", "Client id at that issuer.")
    oidc_secret: str = setting("", "Client secret at that issuer.", secret=True)
    log_level: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR.")


def variable(name: str) -> str:
    return f"GONGZHI_{name.upper()}"


def _parse(kind: object, name: str, text: str) -> object:
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no", ""}:
            raise ConfigError(f"{variable(name)} is {text!r}; write 1 or 0.")
        return text.lower() in {"1", "true", "yes"}
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{variable(name)} is {text!r}; write a whole number.") from None
    return text


def read(environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration in the environment. Raises ConfigError with what to write instead."""
    known = {variable(f.name): f for f in fields(Config)}
    for name in environ:
        if (
            name.startswith("GONGZHI_")
            and name not in known
            and not name.startswith("GONGZHI_TEST_")
        ):
            raise ConfigError(
                f"{name} is not a setting. See docs/reference/configuration.md for the known ones."
            )
    values = {f.name: _parse(f.type, f.name, environ[n]) for n, f in known.items() if n in environ}
    return Config(**values)  # type: ignore[arg-type]


def problems(config: Config) -> list[str]:
    """What must be put right before this configuration may serve, as sentences."""
    found = []
    if len(config.secret_key) < 32:
        found.append("GONGZHI_SECRET_KEY needs at least 32 characters.")
    if not config.field_keys:
        found.append("GONGZHI_FIELD_KEYS is missing; make one with `gongzhi keys new`.")
    if not config.index_key:
        found.append("GONGZHI_INDEX_KEY is missing; make one with `gongzhi keys new`.")
    if not config.database_url and not config.app_database_url:
        found.append("No database: set GONGZHI_DATABASE_URL or start with `gongzhi run`.")
    if config.debug and not config.demo:
        found.append(
            "GONGZHI_DEBUG shows internals; it is allowed together with GONGZHI_DEMO only."
        )
    if config.account_least < 3:
        found.append("GONGZHI_ACCOUNT_LEAST must be 3 or more: less protects nobody.")
    if config.language not in {"zh-hans", "en"}:
        found.append("GONGZHI_LANGUAGE must be zh-hans or en.")
    return found


def app_url(config: Config) -> str:
    """The application's connection: given, or made from the owner's with the role gongzhi_app.

    Its password is derived from the secret key, so that `migrate` can set it and `web` can use it.
    """
    if config.app_database_url or not config.database_url:
        return config.app_database_url
    parts = urlsplit(config.database_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"gongzhi_app:{quote(app_password(config))}@{host}"))


def app_password(config: Config) -> str:
    signer = hmac.HMAC(config.secret_key.encode(), hashes.SHA256())
    signer.update(b"gongzhi_app")
    return signer.finalize().hex()


def home(config: Config) -> Path:
    return Path(config.home).expanduser().resolve()


def new_key() -> str:
    """A fresh key of 32 bytes, base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
