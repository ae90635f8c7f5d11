"""Erases personal data when their time is over; the ledger stays verifiable.

What is erased: names, phones, addresses, words and files. What stays: that it happened, when, by
which post, and salted digests that say nothing once the salt is gone. PIPL Art. 19 [M].
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from django.db import connections

from gongzhi.cases import files
from gongzhi.cases.models import Attachment
from gongzhi.cases.stores import store
from gongzhi.declare import Unit, registry

BATCH = 500
# Whoever else keeps files says which of some hashes are theirs.
KEEPERS: list[Callable[[set[str]], set[str]]] = []
STRAY_AFTER = timedelta(days=1)  # an act that takes longer to follow its file will not come


def erase_due(now: datetime) -> int:
    """Erase every closed case whose mechanism no longer keeps it. Returns how many."""
    erased = 0
    for mechanism in registry.every():
        if mechanism.keep.unit is not Unit.DAYS:
            raise ValueError(f"{mechanism.name} must keep cases for a number of days")
        before = now - timedelta(days=mechanism.keep.n)
        while True:
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT * FROM gz_erase(%s, %s, %s, %s)",
                               [mechanism.name, before, now, BATCH])  # fmt: skip
                rows = cursor.fetchall()
            for _case, hashes in rows:
                for sha256 in hashes or []:
                    files.erase(sha256)
            erased += len(rows)
            if len(rows) < BATCH:
                break
    return erased


def erase_strays(now: datetime) -> int:
    """Erase files that came with an act which was refused: nobody has them. Returns how many."""
    old, erased = store().untouched_since(now - STRAY_AFTER), 0
    while batch := set(islice(old, BATCH)):
        kept = Attachment.objects.using("owner").filter(sha256__in=batch, erased_at=None)
        strays = batch - set(kept.values_list("sha256", flat=True))
        for keeper in KEEPERS:
            strays -= keeper(strays)
        for sha256 in strays:
            files.erase(sha256)
        erased += len(strays)
    return erased
