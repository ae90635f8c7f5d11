"""Brings all personal data under the first key, so that an old key can be thrown away."""

import base64
from collections.abc import Callable, Iterator

from allauth.mfa.models import Authenticator
from django.db import connections, transaction

from gongzhi.cases import sealed
from gongzhi.people.sealing import needs_rotation, reseal

PAGE = 1_000
FIELDS = ("name", "phone", "address")
Progress = Callable[[str, float], None]


def _pages(columns: str, table: str) -> Iterator[list[tuple]]:  # type: ignore[type-arg]
    with connections["owner"].cursor() as cursor:
        # Tables and columns are the ones named below in this module.
        cursor.execute(f"SELECT {columns} FROM {table}")  # noqa: S608
        while rows := cursor.fetchmany(PAGE):
            yield rows


def _words() -> int:
    changed = 0
    for page in _pages("county, case_id, seq, field, body", "cases_sealed"):
        due = [r for r in page if needs_rotation(bytes(r[4]))]
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.executemany(
                "UPDATE cases_sealed SET body = %s"
                " WHERE county = %s AND case_id = %s AND seq = %s AND field = %s",
                [
                    (reseal(bytes(body), about=sealed.about(county, id_, seq, field)),
                     county, id_, seq, field)
                    for county, id_, seq, field, body in due
                ],
            )  # fmt: skip
        changed += len(due)
    return changed


def _persons() -> int:
    changed = 0
    for field in FIELDS:
        for page in _pages(f"county, case_id, id, {field}", "cases_party"):
            due = [r for r in page if r[3] is not None and needs_rotation(bytes(r[3]))]
            with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
                cursor.executemany(
                    f"UPDATE cases_party SET {field} = %s"  # noqa: S608
                    " WHERE county = %s AND case_id = %s AND id = %s",
                    [
                        (reseal(bytes(body), about=f"{county}/{id_}/{field}"), county, case, id_)
                        for county, case, id_, body in due
                    ],
                )
            changed += len(due)
    return changed


def _second_steps() -> int:
    """Whoever has set up a second step of signing in would be locked out without their secret."""
    changed = 0
    for one in Authenticator.objects.using("owner"):
        for name in {"secret", "seed"} & set(one.data):
            body = base64.b64decode(one.data[name])
            if needs_rotation(body):
                one.data[name] = base64.b64encode(reseal(body, about="mfa")).decode()
                one.save(using="owner", update_fields=["data"])
                changed += 1
    return changed


def rotate() -> int:
    """Reseal what an older key sealed; blind indexes have a key of their own and stay.

    The ledger does not change: it holds digests of the words, not of their ciphertext.
    """
    return _words() + _persons() + _second_steps()
