"""Personal data on its way into the ledger: sealed beside it, digested within it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from gongzhi.cases.changes import NewParty, Words
from gongzhi.people.sealing import blind_index, digest, new_salt, seal, unseal

TAIL = 4  # digits of a phone number that a resident gives to track a case


def about(county: str, case: UUID, seq: int, field: str) -> str:
    return f"{county}/{case}/{seq}/{field}"


def hexed(body: bytes | None) -> str | None:
    """As PostgreSQL reads bytea from JSON."""
    return None if body is None else "\\x" + body.hex()


def split(
    data: Mapping[str, Any], county: str, case: UUID, seq: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What may stand in the ledger, and the sealed rows beside it. `Words` are sealed."""
    plain: dict[str, Any] = {}
    rows = []
    for field, value in data.items():
        if not isinstance(value, Words):
            plain[field] = value
            continue
        if not value:
            continue
        salt = new_salt()
        plain[field] = {"sealed": digest(value, salt)}
        rows.append(
            {
                "field": field,
                "salt": hexed(salt),
                "body": hexed(seal(value, about=about(county, case, seq, field))),
            }
        )
    return plain, rows


def opened(county: str, case: UUID, seq: int, field: str, body: bytes) -> str:
    """The words again. Raises SealBroken."""
    return unseal(bytes(body), about=about(county, case, seq, field))


def tail_index(phone: str) -> bytes:
    """Blind index of the last digits of a phone number."""
    return blind_index("tail", "".join(c for c in phone if c.isdigit())[-TAIL:])


def tracking_code(key: str) -> str:
    """Four digits 查询码 for who has no phone. Of the same sending always the same, so that one
    that is sent again after a broken line gets the code it was promised."""
    return str(1000 + int.from_bytes(blind_index("code", key)[:8]) % 9000)


def party_rows(parties: Iterable[NewParty], county: str) -> list[dict[str, Any]]:
    rows = []
    for party in parties:
        id_, shown = uuid4(), party.phone or party.code
        rows.append(
            {
                "id": str(id_),
                "side": party.side,
                "who": str(party.who) if party.who else None,
                **{
                    field: hexed(seal(value, about=f"{county}/{id_}/{field}")) if value else None
                    for field, value in (
                        ("name", party.name),
                        ("phone", party.phone),
                        ("address", party.address),
                    )
                },
                "name_index": hexed(blind_index("name", party.name)) if party.name else None,
                "phone_index": hexed(blind_index("phone", party.phone)) if party.phone else None,
                "tail_index": hexed(tail_index(shown)) if shown else None,
            }
        )
    return rows
