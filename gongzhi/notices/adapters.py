"""The ways notices go: each an Adapter, which knows its addresses and how to send to one.

A gateway of another kind is one more Adapter in ADAPTERS; nothing else knows any of them by name.
"""

import base64
import hashlib
import hmac
import re
import smtplib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.notices import posting
from gongzhi.notices.posting import Forbidden, NotDelivered
from gongzhi.notices.wording import Message
from gongzhi.people.masking import mask_phone

SMTP = "django.core.mail.backends.smtp.EmailBackend"
JSON = {"Content-Type": "application/json; charset=utf-8"}
MOBILE = re.compile(r"\+?[0-9]{6,15}")
Send = Callable[[str, str, Message], None]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A kind of outlet: `fits` an address, what is `shown` of it, and how to `send` to it.

    `send(address, secret, message)` raises NotDelivered. `offered` says whether this installation
    has what it needs; `signs` that a secret is made here for the receiver to check with, and `asks`
    that one may be given that the receiver has made.
    """

    label: str | Promise
    hint: str | Promise
    fits: Callable[[str], bool]
    shown: Callable[[str], str]
    send: Send
    offered: Callable[[], bool] = lambda: True
    signs: bool = False
    asks: bool = False


def _is_mail(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _is_mobile(text: str) -> bool:
    return bool(MOBILE.fullmatch(text))


def _mask_mail(text: str) -> str:
    name, _at, domain = text.rpartition("@")
    return f"{name[:1]}***@{domain}"


def _is_url(text: str) -> bool:
    """Whether something may be sent there, as far as can be known today."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        return False
    try:
        posting.reachable(parts.hostname, parts.port or 443)
    except Forbidden:
        return False
    except NotDelivered:
        return True  # a name that is not known today may be known tomorrow
    return True


def _mask_url(text: str) -> str:
    """A robot's address is its key: the host alone is shown."""
    return f"{urlsplit(text).netloc}/…"[:80]


def _send_mail(address: str, secret: str, message: Message) -> None:
    # The same Message-ID each time: mailboxes drop what comes twice.
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    headers = {"Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(
        message.subject, message.text, to=[address], headers=headers,
        attachments=[(paper.name, paper.content, paper.kind) for paper in message.papers],
        connection=get_connection(SMTP),
    )  # fmt: skip
    try:
        mail.send()
    except TimeoutError:
        raise NotDelivered("timeout") from None
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(f"smtp_{error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        raise NotDelivered(f"smtp_{codes[0]}") from None
    except (smtplib.SMTPException, OSError):
        raise NotDelivered("unreachable") from None
    except ValueError:  # its words repeat the address
        raise NotDelivered("bad_address") from None


def signature(secret: str, id_: str, at: int, body: bytes) -> str:
    """As Standard Webhooks has it: HMAC-SHA256 over id, time and body, in base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{id_}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()


def _send_webhook(address: str, secret: str, message: Message) -> None:
    body, at = orjson.dumps(message.said), int(time.time())
    signed = {
        "webhook-id": message.id, "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, message.id, at, body),
    }  # fmt: skip
    posting.post(address, body, {**JSON, **signed})


def _filled(of: Any, values: Mapping[str, str]) -> Any:
    """A template's texts with {to}, {text} and {id} put in."""
    if isinstance(of, dict):
        return {k: _filled(v, values) for k, v in of.items()}
    if isinstance(of, list):
        return [_filled(v, values) for v in of]
    if isinstance(of, str):
        return re.sub(r"\{(to|text|id)\}", lambda found: values[found.group(1)], of)
    return of


def _send_sms(address: str, secret: str, message: Message) -> None:
    """Through the gateway the operator has named; its body is JSON, or else fields of a form."""
    config = settings.CONFIG
    text = message.text.replace("\n", " ")
    values = {"to": address, "text": text, "id": message.id}
    lines = [line.partition(":") for line in config.sms_headers.split(";") if ":" in line]
    headers = {name.strip(): value.strip() for name, _colon, value in lines}
    if config.sms_body.lstrip().startswith("{"):
        body = orjson.dumps(_filled(orjson.loads(config.sms_body), values))
        headers = {**JSON, **headers}
    else:
        pairs = [pair.partition("=") for pair in config.sms_body.split("&")]
        body = urlencode({k: _filled(v, values) for k, _is, v in pairs}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    posting.post(config.sms_url, body, headers, trusted=True)


def _send_robot(address: str, secret: str, message: Message) -> None:
    """A robot in a group chat, as WeCom 企业微信 and DingTalk 钉钉 have it: both take this text and
    answer with errcode 0. With the security setting 加签, DingTalk asks for a signature over time
    and secret. Source of the text: https://developer.work.weixin.qq.com/document/path/91770.
    """
    if secret:
        at = str(int(time.time() * 1000))
        key = hmac.digest(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256)
        sign = quote(base64.b64encode(key), safe="")
        address += f"{'&' if '?' in address else '?'}timestamp={at}&sign={sign}"
    body = orjson.dumps(
        {"msgtype": "text", "text": {"content": f"{message.subject}\n{message.text}"}}
    )
    answer = posting.post(address, body, JSON)
    try:
        code = orjson.loads(answer).get("errcode", 0)
    except (orjson.JSONDecodeError, AttributeError):
        raise NotDelivered("not_understood") from None
    if code != 0:
        raise NotDelivered(f"robot_{code}"[:40])


ADAPTERS: dict[str, Adapter] = {
    "mail": Adapter(
        _("电子邮件"), _("邮箱地址"), _is_mail, _mask_mail, _send_mail,
        offered=lambda: bool(settings.CONFIG.smtp_url),
    ),
    "webhook": Adapter(
        _("网络回调（Webhook）"), _("https:// 开头的网址"), _is_url, _mask_url, _send_webhook,
        signs=True,
    ),
    "sms": Adapter(
        _("短信"), _("手机号码"), _is_mobile, mask_phone, _send_sms,
        offered=lambda: bool(settings.CONFIG.sms_url),
    ),
    "robot": Adapter(
        _("群机器人（企业微信、钉钉）"), _("机器人的 Webhook 网址"), _is_url, _mask_url,
        _send_robot, asks=True,
    ),
}  # fmt: skip
