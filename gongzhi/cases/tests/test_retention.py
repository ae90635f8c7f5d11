"""What is kept no longer is gone everywhere, and the ledger can still be told again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from gongzhi.cases import files, replay
from gongzhi.cases.changes import NewFile
from gongzhi.cases.models import Party, Sealed
from gongzhi.cases.retention import erase_due
from gongzhi.cases.testing import BEGAN, LINE, PHONE, Cast, Told, begin, make_cast
from gongzhi.cases.tests import toys

pytestmark = pytest.mark.usefixtures("fresh_database")

LATER = BEGAN + timedelta(days=31)
PLAIN = ("张三", "某果蔬合作社", PHONE, "拖欠工资")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "FILES", str(tmp_path))
    return tmp_path


def photo(text: str = "wages") -> NewFile:
    return files.accept(f"%PDF-1.4\n% {text}\n%%EOF\n".encode())


def closed(cast: Cast, laid: NewFile) -> Told:
    case = begin(toys.toy, files=[laid])
    for act, kind in ((toys.take, "clerk"), (toys.fix, "clerk"), (toys.verify, "handler")):
        case.act(act, by=cast[LINE[-1], kind])
    return case


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.rglob("*") if p.is_file()}


def everything() -> str:
    """Every row of every table, as text."""
    told = []
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            told += [row for (row,) in cursor.fetchall()]
    return "\n".join(told)


def secrets() -> set[str]:
    """What names, phones and words are stored as, and are found by."""
    columns = ("name", "phone", "address", "name_index", "phone_index", "tail_index")
    rows = [*Party.objects.using("owner").values_list(*columns),
            *Sealed.objects.using("owner").values_list("body", "salt")]  # fmt: skip
    return {bytes(value).hex() for row in rows for value in row if value}


def test_names_and_words_are_gone_from_every_table(folder: Path) -> None:
    closed(make_cast(), photo())
    stored = secrets()
    assert stored and all(secret in everything() for secret in stored)
    assert erase_due(LATER) == 1
    left = everything()
    assert not [secret for secret in stored if secret in left]
    assert not [words for words in PLAIN if words in left]


def test_the_ledger_is_still_told_without_a_difference(folder: Path) -> None:
    closed(make_cast(), photo())
    assert replay.verify() == []
    erase_due(LATER)
    assert replay.verify() == []


def test_files_go_with_their_case_and_stay_with_an_open_one(folder: Path) -> None:
    cast, of_open = make_cast(), photo("open")
    closed(cast, photo("closed"))
    begin(toys.toy, files=[of_open])
    erase_due(LATER)
    assert names(folder) == {of_open.sha256}


def test_a_file_that_an_open_case_shares_stays(folder: Path) -> None:
    cast, shared = make_cast(), photo()
    closed(cast, shared)
    begin(toys.toy, files=[shared])
    erase_due(LATER)
    assert names(folder) == {shared.sha256}


def test_a_file_of_two_cases_erased_together_goes(folder: Path) -> None:
    cast, shared = make_cast(), photo()
    closed(cast, shared)
    closed(cast, shared)
    assert erase_due(LATER) == 2
    assert names(folder) == set()
