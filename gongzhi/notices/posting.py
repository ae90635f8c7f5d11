"""Sends to addresses that others have set, without being led to what stands inside our walls.

The name is resolved once, every address it has is checked, and the connection goes to one that was
checked: a name that changes its mind in between leads nowhere else. Redirections are not followed.
"""

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

TIMEOUT = urllib3.Timeout(connect=5, read=10)
READ = 4096  # bytes of an answer, of which a few are looked at
# IPv6 addresses that translate into IPv4 ones, which may be anything (RFC 6052).
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class NotDelivered(Exception):
    """Why a notice did not arrive, in one word of REASONS."""


class Forbidden(NotDelivered):
    """An address to which nothing may be sent."""


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in TRANSLATED:
            return False
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast


def reachable(host: str, port: int) -> str:
    """An address of this host to connect to. Raises Forbidden, NotDelivered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotDelivered("unknown_host") from None
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not settings.CONFIG.webhook_private and not all(map(_is_public, addresses)):
        raise Forbidden("forbidden")
    return addresses[0]


def _pool(url: str, *, trusted: bool) -> urllib3.HTTPConnectionPool:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    if not host or parts.scheme not in {"http", "https"}:
        raise Forbidden("forbidden")
    port = parts.port or (443 if secure else 80)
    address = host if trusted else reachable(host, port)
    if secure:
        return urllib3.HTTPSConnectionPool(
            address, port, timeout=TIMEOUT, cert_reqs="CERT_REQUIRED",
            assert_hostname=host, server_hostname=host,
        )  # fmt: skip
    return urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT)


def post(url: str, body: bytes, headers: Mapping[str, str], *, trusted: bool = False) -> bytes:
    """The beginning of the answer. `trusted`: the address is one the operator has set.

    Raises NotDelivered unless it was taken (2xx).
    """
    parts = urlsplit(url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    try:
        with _pool(url, trusted=trusted) as pool:
            host = {"Host": parts.netloc}
            answer = pool.urlopen(
                "POST", target, body=body, headers={**host, **headers}, redirect=False,
                retries=False, preload_content=False,
            )  # fmt: skip
            said = answer.read(READ)
            answer.close()
    except (urllib3.exceptions.ReadTimeoutError, urllib3.exceptions.ConnectTimeoutError):
        raise NotDelivered("timeout") from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        raise NotDelivered("unreachable") from None
    if not 200 <= answer.status < 300:
        raise NotDelivered(f"http_{answer.status}")
    return said
