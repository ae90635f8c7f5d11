"""Acts through the kernel in a process of its own, for a test that kills what it writes to.

Reads lines of county, case and key; answers each with the number of its entry. When the database
goes, it says so, and waits for a line before it tries the same act again.
"""

import sys
from uuid import UUID, uuid4

from django.db import DatabaseError, connection
from django.utils import timezone

from gongzhi.cases.act import Report, act
from gongzhi.cases.bulk import report_many
from gongzhi.cases.changes import Words
from gongzhi.cases.linkage import note
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder, Resident, posts_of


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def begin(place: str, n: int) -> None:
    """Cases to act on."""
    told = [(uuid4().hex, Report(place=place, category="wages", title="拖欠工资", data={}))
            for _ in range(n)]  # fmt: skip
    for done in report_many(mediation, told, now=timezone.now(), by=Resident()):
        say(f"{done.county} {done.id}")


def _noted(line: str, *, by: Holder) -> int | None:
    """The number of the entry; nothing when the database went."""
    county, id_, key = line.split()
    said = {"note": Words("到场了解情况。")}
    try:
        return act((county, UUID(id_)), note, said, key=key, now=timezone.now(), by=by).seq
    except DatabaseError:
        connection.close()
        return None


def go_on(username: str) -> None:
    (by,) = posts_of(Account.objects.get(username=username).id, at=timezone.now())
    for line in sys.stdin:
        while (seq := _noted(line, by=by)) is None:
            say("lost")
            sys.stdin.readline()
        say(seq)
