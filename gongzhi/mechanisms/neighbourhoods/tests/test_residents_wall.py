"""The database's own wall around residents' registrations, and that what is over is gone."""

import base64
import os
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction
from psycopg import sql
from pytest_django import DjangoAssertNumQueries

from gongzhi.cases.testing import OUTSIDE, signed_in
from gongzhi.mechanisms.neighbourhoods import tasks
from gongzhi.mechanisms.neighbourhoods.models import Looked, Registered
from gongzhi.mechanisms.neighbourhoods.registers import (
    answers,
    purposes,
    residents,
    residents_counted,
    residents_sealed,
)
from gongzhi.mechanisms.neighbourhoods.registers.residents_erasing import erase_due
from gongzhi.mechanisms.neighbourhoods.tests.homes import (
    COUNTY,
    EMAIL,
    NAME,
    PHONE,
    SAID,
    TOWN,
    Homes,
)
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within
from tests.waiting import until

REASON = "给欧阳明珠送药"


def new_key() -> str:
    """As `gongzhi keys new` makes one."""
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def homes(fresh_database: str) -> Homes:
    return Homes()


def asked(table: str, scope: Scope | None) -> set[UUID]:
    """In bare SQL, as the application's role: no model and no filter between."""
    column = "registered" if table == "neighbourhoods_looked" else "id"
    question = f"SELECT {column} FROM {table}"  # noqa: S608
    with connection.cursor() as cursor:
        if scope is None:
            cursor.execute(question)
            return {id_ for (id_,) in cursor.fetchall()}
        with within(scope):
            cursor.execute(question)
            return {id_ for (id_,) in cursor.fetchall()}


@pytest.mark.parametrize("table", ["neighbourhoods_registered", "neighbourhoods_looked"])
def test_a_query_without_a_scope_gives_nothing_and_with_one_the_own_alone(
    homes: Homes, table: str
) -> None:
    mine, far = homes.registered(), homes.registered(home=homes.far)
    residents.look(homes.home.id, "停水", now=homes.now, by=homes.chief)
    residents.look(homes.far.id, "停水", now=homes.now, by=homes.other_chief)
    assert asked(table, None) == set()
    assert asked(table, Scope(case=mine.id)) == {mine.id}
    assert asked(table, homes.chief.scope) == {mine.id}
    assert asked(table, homes.other_chief.scope) == {far.id}
    assert asked(table, homes.secretary.scope) == {mine.id, far.id}
    assert asked(table, homes.cast[COUNTY, "leader"].scope) == {mine.id, far.id}
    assert asked(table, homes.cast[OUTSIDE, "leader"].scope) == set()
    assert asked(table, homes.cast["court", "judge"].scope) == set()
    assert asked(table, None) == set(), "a scope outlived its transaction"


ATTEMPTS = {
    "change": "UPDATE neighbourhoods_registered SET name = NULL WHERE id = %s",
    "move": "UPDATE neighbourhoods_registered SET place = '441202' WHERE id = %s",
    "delete": "DELETE FROM neighbourhoods_registered WHERE id = %s",
    "unlook": "DELETE FROM neighbourhoods_looked WHERE registered = %s",
    "whiten": "UPDATE neighbourhoods_looked SET reason = '' WHERE registered = %s",
}


def touched(attempt: str, id_: UUID, scope: Scope) -> int:
    with within(scope), connection.cursor() as cursor:
        cursor.execute(ATTEMPTS[attempt], [id_])
        return int(cursor.rowcount)


def test_nobody_changes_another_teams_rows_and_nobody_what_was_entered(homes: Homes) -> None:
    row = homes.registered()
    residents.look(homes.home.id, "停水", now=homes.now, by=homes.chief)
    for scope in (homes.other_chief.scope, Scope(), homes.cast[OUTSIDE, "leader"].scope):
        for attempt in ATTEMPTS:
            assert touched(attempt, row.id, scope) == 0, attempt
    for attempt in ("delete", "unlook", "whiten"):
        assert touched(attempt, row.id, homes.chief.scope) == 0, attempt
    assert touched("change", row.id, homes.chief.scope) == 1


def test_nobody_writes_into_another_team(homes: Homes) -> None:
    row = homes.registered()
    facts = {f.attname: getattr(row, f.attname) for f in Registered._meta.concrete_fields}
    strange = Registered(**{**facts, "id": uuid4(), "key": None, "team": homes.other.team,
                            "place": OUTSIDE})  # fmt: skip
    entry = Looked(registered=row.id, did="look", account=uuid4(), post=uuid4(), at=homes.now)
    for one, scope in ((strange, homes.chief.scope), (entry, homes.other_chief.scope)):
        with pytest.raises(ProgrammingError, match="row-level security"), within(scope):
            one.save(force_insert=True)


def test_no_page_of_the_application_sees_by_a_scope_left_open(homes: Homes) -> None:
    homes.registered()
    client = signed_in(homes.other_chief)
    for path in (f"in/{homes.building.id}/", f"at/{homes.home.id}/"):
        assert client.get(f"/neighbourhoods/residents/{path}").status_code == 404


def everything() -> str:
    """Every row of every table, as text."""
    told = []
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            told += [row for (row,) in cursor.fetchall()]
    return "\n".join(told)


def secrets(row: Registered) -> set[str]:
    """All that must not be left of a registration: as it was said, as it is stored, its key."""
    with within(Scope(case=row.id)):
        row.refresh_from_db()
    stored = {bytes(body).hex() for body in (row.name, row.phone, row.said) if body}
    return {NAME, PHONE, EMAIL, REASON, str(row.key), *stored}


def over(homes: Homes, how: str) -> Registered:
    """A registration whose time has ended."""
    ago = homes.now - timedelta(days=10)
    of = homes.declared(keep_days=5 if how == "expired" else 30, now=ago,
                        fields=("name", "phone", "email", "medicine"))  # fmt: skip
    row = homes.registered(purpose=of, now=ago)
    if how == "ended":
        purposes.end(of.id, now=ago, by=homes.secretary)
    elif how == "moved":
        homes.home.until = homes.today
        homes.home.save()
    return row


@pytest.mark.parametrize("how", ["expired", "ended", "moved"])
def test_what_is_over_is_gone_from_every_table_and_log(
    homes: Homes, how: str, capfd: pytest.CaptureFixture[str]
) -> None:
    row = over(homes, how)
    residents.look(homes.home.id, REASON, now=homes.now, by=homes.chief)
    written, before = secrets(row), everything()
    assert {s for s in written if s in before} == written - {PHONE, EMAIL}
    assert tasks.erase_registrations(0) == 1
    left = everything() + "".join(capfd.readouterr())
    assert not {s for s in written if s in left}
    gone = Registered.objects.using("owner").get(id=row.id)
    assert gone.erased_why == how and gone.erased_at
    assert Looked.objects.using("owner").get(registered=row.id).post == homes.chief.post
    assert residents_counted.counted([homes.building.id]) == {}
    with pytest.raises(residents.NotRegistered):
        residents.own(str(row.key))
    assert tasks.erase_registrations(0) == 0


# VACUUM keeps what a transaction that is still running might see, in whichever database of the
# server it runs: those of the test beside this one too.
SEEN_BY_NONE = """
SELECT coalesce(max(greatest(age(backend_xid), age(backend_xmin))), 0) < age('{since}'::xid)
  FROM pg_stat_activity WHERE pid <> pg_backend_pid()
"""
LONGEST = 120.0  # seconds that a test runs in one transaction, and more


def on_disk() -> bytes:
    """The tables as PostgreSQL keeps them, once it has cleaned up after changes."""
    found = b""
    with connections["owner"].cursor() as cursor:
        for table in ("neighbourhoods_registered", "neighbourhoods_looked"):
            cursor.execute(f"VACUUM FULL {table}")
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [table])
            found += bytes(cursor.fetchone()[0])
    return found


def test_nothing_of_a_deleted_registration_lies_in_the_files_of_the_tables(homes: Homes) -> None:
    row = homes.registered()
    residents.look(homes.home.id, REASON, now=homes.now, by=homes.chief)
    written = {bytes.fromhex(s) if len(s) > 60 else s.encode() for s in secrets(row)}
    before = on_disk()
    assert {s for s in written if s in before} == written - {PHONE.encode(), EMAIL.encode()}
    residents.erase(row.id, now=homes.now, by=Resident(case=row.id))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::xid")
        (since,) = cursor.fetchone()
    until(SEEN_BY_NONE.format(since=since), within=LONGEST)
    left = on_disk()
    assert left and not {s for s in written if s in left}


def test_the_job_leaves_what_is_not_over_and_goes_on_in_sets(
    homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongzhi.mechanisms.neighbourhoods.registers.residents_erasing.BATCH", 3)
    short = homes.declared(keep_days=1)
    for n in range(8):
        homes.registered({**SAID, "name": f"张{n}"}, purpose=short)
    kept = homes.registered()
    assert erase_due(homes.now + timedelta(days=1)) == 0
    assert erase_due(homes.now + timedelta(days=2)) == 8
    assert residents.own(str(kept.key)).said == SAID
    here = residents_counted.counted([homes.building.id])[homes.building.id]
    assert here == {(purposes.CONTACT, ""): 1, (purposes.CONTACT, "medicine"): 1}


def test_what_can_no_longer_be_opened_is_erased_all_the_same(
    homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes.registered()
    monkeypatch.setattr(settings, "FIELD_KEYS", f"lost:{new_key()}")
    assert erase_due(homes.now + timedelta(days=366)) == 1


def test_an_erased_row_can_hold_nothing(homes: Homes) -> None:
    row = homes.registered()
    residents.erase(row.id, now=homes.now, by=Resident(case=row.id))
    with (
        connections["owner"].cursor() as cursor,
        pytest.raises(Exception, match="erased_is_empty"),
        transaction.atomic(using="owner"),
    ):
        cursor.execute("UPDATE neighbourhoods_registered SET key = 'again'")


def test_sealed_columns_come_under_the_new_key(
    homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, gone = homes.registered(), homes.registered()
    residents.erase(gone.id, now=homes.now, by=Resident(case=gone.id))
    old, new = settings.FIELD_KEYS, f"k2:{new_key()}"
    monkeypatch.setattr(settings, "FIELD_KEYS", f"{new},{old}")
    assert residents_sealed.rotate() == 3
    assert residents_sealed.rotate() == 0
    monkeypatch.setattr(settings, "FIELD_KEYS", new)
    assert residents.own(str(row.key)).said == SAID


def test_the_usual_purpose_asks_little_and_for_needs_with_consent(homes: Homes) -> None:
    of = homes.contact
    apart = {kind.name for kind in answers.EVERY if kind.apart}
    assert set(of.fields) == {"name", "phone", "email"} | apart
    assert set(of.sensitive) == apart


def test_reading_takes_few_statements_however_many_live_there(
    homes: Homes, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for home in (homes.home, homes.next):
        for n in range(5):
            homes.registered({**SAID, "name": f"张{n}"}, home=home)
    posts: list[Holder] = [homes.chief, homes.secretary, homes.cast[TOWN, "clerk"]]
    for by in posts:
        client = signed_in(by)
        client.get("/neighbourhoods/")
        with django_assert_max_num_queries(16):
            page = client.get(f"/neighbourhoods/residents/in/{homes.building.id}/")
        assert NAME not in page.text and PHONE not in page.text
        assert ("138****1234" in page.text) == (by is homes.chief)
