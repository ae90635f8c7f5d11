"""Personal data encrypted by field, with key rotation, and blind indexes for exact match.

AES-256-GCM. What a ciphertext is about (row and field) is authenticated with it, so that nobody
can move it to another row. The body is: length of the key's name, the name, nonce, ciphertext.
"""

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext

# Random nonces: NIST SP 800-38D allows 2**32 seals under one key; a city reaches that in decades.
NONCE = 12
TAG = 16
KEY = 32
INDEX = 16
LONGEST_NAME = 20
MOBILE = re.compile(r"1[3-9][0-9]{9}")


class SealBroken(Exception):
    """加密数据无法解开：密钥已更换或数据已被改动，请联系管理员。"""

    def __str__(self) -> str:
        return gettext(self.__doc__ or "")


class BadKeys(Exception):
    """The keys of personal data cannot be used."""


class _Ring(NamedTuple):
    first: bytes
    ciphers: dict[bytes, AESGCM]


def _key(text: str, whose: str) -> bytes:
    """Raises BadKeys. The message never repeats the key: it may end in a log."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        raise BadKeys(f"{whose} is not base64; make one with `gongzhi keys new`.") from None
    if len(key) != KEY:
        raise BadKeys(f"{whose} has {len(key)} bytes instead of {KEY}; use `gongzhi keys new`.")
    return key


@lru_cache(maxsize=4)
def _ring(text: str) -> _Ring:
    """The first key encrypts, all of them decrypt. Raises BadKeys."""
    ciphers: dict[bytes, AESGCM] = {}
    for n, part in enumerate(text.split(","), 1):
        name, colon, key = part.strip().partition(":")
        if not colon or not name:
            raise BadKeys(f"Key {n} in GONGZHI_FIELD_KEYS is not written as name:base64.")
        if not name.isascii() or len(name) > LONGEST_NAME:
            raise BadKeys(f"Key {n} in GONGZHI_FIELD_KEYS needs a name of 1 to 20 plain letters.")
        if name.encode() in ciphers:
            raise BadKeys(f"The key name {name} stands twice in GONGZHI_FIELD_KEYS.")
        ciphers[name.encode()] = AESGCM(_key(key, f"Key {name} in GONGZHI_FIELD_KEYS"))
    return _Ring(next(iter(ciphers)), ciphers)


@lru_cache(maxsize=4)
def _index_key(text: str) -> bytes:
    return _key(text, "GONGZHI_INDEX_KEY")


def check_keys() -> list[str]:
    """What is wrong with the configured keys, as sentences."""
    found = []
    for read, text in ((_ring, settings.FIELD_KEYS), (_index_key, settings.INDEX_KEY)):
        try:
            read(text)
        except BadKeys as error:
            found.append(str(error))
    return found


def seal(text: str, *, about: str) -> bytes:
    """Encrypt with the first key. `about` names the row and field, and must be given to unseal."""
    name, ciphers = _ring(settings.FIELD_KEYS)
    nonce = os.urandom(NONCE)
    said = ciphers[name].encrypt(nonce, text.encode(), about.encode())
    return bytes((len(name),)) + name + nonce + said


def _parts(body: bytes) -> tuple[bytes, bytes, bytes]:
    """Key name, nonce, ciphertext. Raises SealBroken."""
    start = 1 + body[0] if body else 0
    if not 1 < start <= 1 + LONGEST_NAME or len(body) < start + NONCE + TAG:
        raise SealBroken
    return body[1:start], body[start : start + NONCE], body[start + NONCE :]


def unseal(body: bytes, *, about: str) -> str:
    """Raises SealBroken when the key is unknown, the text changed, or it was about another row."""
    name, nonce, said = _parts(body)
    try:
        return (
            _ring(settings.FIELD_KEYS).ciphers[name].decrypt(nonce, said, about.encode()).decode()
        )
    except (KeyError, InvalidTag):
        raise SealBroken from None


def needs_rotation(body: bytes) -> bool:
    """Whether it was sealed with a key that is no longer the first. Raises SealBroken."""
    return _parts(body)[0] != _ring(settings.FIELD_KEYS).first


def reseal(body: bytes, *, about: str) -> bytes:
    """The same words under the first key. Raises SealBroken."""
    return seal(unseal(body, about=about), about=about)


def new_salt() -> bytes:
    return os.urandom(16)


def digest(text: str, salt: bytes) -> str:
    """What the ledger keeps of sealed words: worthless once the salt is erased."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def _phone(text: str) -> str:
    digits = "".join(c for c in text if c.isdigit())
    # Nearly every number is a plain mobile one, and parsing costs more than the hash.
    if len(text) == len(digits) and MOBILE.fullmatch(text):
        return f"+86{text}"
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise(kind: str, text: str) -> str:
    """One spelling for what people write in many ways: full width, spaces, +86, small x."""
    text = unicodedata.normalize("NFKC", text)
    if kind == "phone":
        return _phone(text.strip())
    return "".join(text.split()).upper()


def blind_index(kind: str, text: str) -> bytes:
    """A keyed hash that finds equal values and tells nothing else.

    Of short values (a phone's last digits) whoever has the key can try all: it is a secret.
    """
    said = f"{kind}\x1f{normalise(kind, text)}".encode()
    return hmac.digest(_index_key(settings.INDEX_KEY), said, "sha256")[:INDEX]
