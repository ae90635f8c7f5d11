"""Nobody sees a case that is not theirs to see, by any page, whoever asks (invariant 4).

Every address of the site is asked by every member of the cast for every case; a new address is
asked too, or the test says which value it needs.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from gongzhi.cases import linkage
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.testing import (
    BEGAN,
    LINE,
    OUTSIDE,
    PHONE,
    Cast,
    Told,
    begin,
    make_cast,
    signed_in,
)
from gongzhi.declare import registry
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Lecture, Visit
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    Dwelling,
    Slot,
)
from gongzhi.mechanisms.roads.models import Road, Section
from gongzhi.mechanisms.safety.models import (
    Accident,
    Audit,
    Edition,
    Enterprise,
    Finding,
    Plan,
    Site,
    Training,
)
from gongzhi.mechanisms.safety.registers import editions
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.resolution.models import Meeting
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.places.models import Division
from gongzhi.portal import kept
from tests.invariants import reading
from tests.stories.furnished import (
    asked_by_a_campaign,
    beside_a_firm,
    found_on_a_round,
    heard_on_a_visit,
    lived_in,
    on_an_agenda,
    passed_by_a_road,
)

pytestmark = pytest.mark.long
OURS = (
    "desk",
    "field",
    "command",
    "networks",
    "portal",
    "places",
    "ui",
    *(x.name for x in registry.every()),
)
ACTS = ("accept", "add")
# What each part of an address may be, besides the case's own county and id.
VALUES: dict[str, list[Any]] = {
    "mechanism": ["mediation"],
    "place": [LINE[-1]],
    "village": [LINE[-1]],
    "name": [*ACTS, *(d.name for d in m.mediation.documents)],
    "kind": ["wages"],
    "seq": [1],
    "n": [0],
    "turn": [1],
    "month": ["2026-01"],
}
# Who walks all addresses at a place, and who else is there: all kinds see alike.
WALKERS = {4: "leader", 6: "leader"}
POSTS = ("clerk", "leader", "judge", "mediator", "inspector", "handler", "building_chief")
SAID = ("甲村的事", "乙镇的事", "外县的事", "告本镇的事")


@dataclass
class Matter:
    told: Told
    said: str


@pytest.fixture
def cast(fresh_database: str) -> Iterator[Cast]:
    cache.clear()
    yield make_cast(POSTS)
    cache.clear()


def reported(said: str, place: str, *, who: UUID | None = None) -> Matter:
    parties = [
        NewParty("applicant", name=f"{said}人", phone=PHONE),
        NewParty("respondent", name="某单位", who=who),
    ]
    told = begin(m.mediation, place=place, title=said, data={"text": Words(said)}, parties=parties)
    return Matter(told, said)


@pytest.fixture
def matters(cast: Cast) -> list[Matter]:
    outside = Division.objects.filter(level=5, code__startswith=OUTSIDE).order_by("code")
    found = [
        reported(SAID[0], LINE[-1]),
        reported(SAID[1], LINE[-2]),
        reported(SAID[2], outside.values_list("code", flat=True)[0]),
        reported(SAID[3], LINE[-1], who=cast.units[LINE[-2]]),
    ]
    passed_by_a_road()
    asked_by_a_campaign(lived_in(), cast)
    beside_a_firm()
    editions.ship(LINE[1], now=BEGAN)
    heard_on_a_visit(found[3].told, cast)
    on_an_agenda([one.told for one in found if one.told.receipt.county == LINE[2]], cast)
    found_on_a_round(found[0].told, cast)
    return found


def patterns(of: URLResolver, app: str = "") -> Iterator[tuple[str, list[str]]]:
    """Names and parameters of our own addresses."""
    for one in of.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, one.app_name or app)
        elif app in OURS:
            yield f"{app}:{one.name}", list(one.pattern.converters)


def addresses(cast: Cast, case: tuple[str, UUID]) -> list[str]:
    values = VALUES | {
        "county": [case[0]],
        "id_": [case[1]],
        "post": [p.post for p in cast.everyone][:3],
        "unit": [cast.units[LINE[-1]]],
        "visit": list(Visit.objects.values_list("id", flat=True)),
        "meeting": list(Meeting.objects.values_list("id", flat=True)),
        "rule": [UUID(int=0)],
        "duty": [UUID(int=0)],
        "outlet": [UUID(int=0)],
        "patrol": [UUID(int=0)],
        "group": ["spots"],
        "clock": ["answer"],
        "lecture": list(Lecture.objects.values_list("id", flat=True)),
        "round_": list(Round.objects.values_list("id", flat=True)),
        "token": ["x"],
        "road": list(Road.objects.values_list("id", flat=True)),
        "section": list(Section.objects.values_list("id", flat=True)),
        "row": [
            *Section.objects.values_list("id", flat=True),
            *Dwelling.objects.values_list("id", flat=True),
        ],
        "building": list(Building.objects.values_list("id", flat=True)),
        "key": ["k" * 16, "unknown"],
        "charge": [UUID(int=0)],
        "emergency": [UUID(int=0)],
        "roll": [UUID(int=0)],
        "errand": [UUID(int=0)],
        "need": [UUID(int=0)],
        "shift": [UUID(int=0)],
        "firm": list(Enterprise.objects.values_list("id", flat=True)),
        "site": list(Site.objects.values_list("id", flat=True)),
        "plan": list(Plan.objects.values_list("id", flat=True)),
        "training": list(Training.objects.values_list("id", flat=True)),
        "proposal": [UUID(int=0)],
        "accident": list(Accident.objects.values_list("id", flat=True)),
        "inspection": [UUID(int=0)],
        "exhibit": [UUID(int=0)],
        "audit": list(Audit.objects.values_list("id", flat=True)),
        "finding": list(Finding.objects.values_list("id", flat=True)),
        "edition": list(Edition.objects.values_list("id", flat=True)),
        "other": list(Edition.objects.values_list("id", flat=True)),
        "item": ["A01-01"],
        "layer": ["sections", "points", "hazards"],
        "campaign": list(Campaign.objects.values_list("id", flat=True)),
        "household": [UUID(int=0)],
        "slot": list(Slot.objects.values_list("id", flat=True)),
        "purpose": [UUID(int=0)],
        "registered": [UUID(int=0)],
        "field": ["alone"],
        "announcement": [UUID(int=0)],
        "alert": [UUID(int=0)],
    }
    found = []
    for name, asked in patterns(get_resolver()):
        lacking = set(asked) - set(values)
        assert not lacking, f"{name} asks for {lacking}: give VALUES something to ask with"
        for given in product(*(values[a] for a in asked)):
            found.append(reverse(name, kwargs=dict(zip(asked, given, strict=True))))
    return found


def walk(cast: Cast, matters: list[Matter]) -> list[str]:
    """Every address once: those that name no case are the same for all of them."""
    return list(dict.fromkeys(a for one in matters for a in addresses(cast, one.told.ref)))


def text_of(answer: Any) -> str:
    """All that an answer says; a sheet is unpacked."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace")


def sees(by: Holder, of: Matter) -> bool:
    return reading.sees(by, reading.case(of.told.receipt.id))


@pytest.mark.parametrize("place", [*LINE, OUTSIDE])
def test_no_page_tells_staff_of_a_case_outside_their_scope(
    cast: Cast, matters: list[Matter], place: str
) -> None:
    asked = walk(cast, matters)
    ids = [str(one.told.receipt.id) for one in matters]
    of_cases = [a for a in asked if any(id_ in a for id_ in ids)]
    for by in [one for one in cast.everyone if one.place == place]:
        client = signed_in(by)
        hidden = [one for one in matters if not sees(by, one)]
        # Addresses of no case show the same to posts of like sight: some of each place walk them.
        for address in (
            asked if by.kind == WALKERS.get(len(place), "clerk") or not by.sees_place else of_cases
        ):
            said = text_of(client.get(address))
            assert not [one.said for one in hidden if one.said in said], (
                by.title,
                by.place,
                address,
            )
            assert PHONE not in said, (by.title, by.place, address)


def test_whoever_may_see_a_case_does(cast: Cast, matters: list[Matter]) -> None:
    for by in cast.everyone:
        client = signed_in(by)
        for one in matters:
            answer = client.get(reverse("desk:case", args=one.told.ref))
            assert (one.said in text_of(answer)) == sees(by, one), (by.title, by.place, one.said)


def test_nobody_acts_on_a_case_outside_their_scope(cast: Cast, matters: list[Matter]) -> None:
    before = reading.everything()
    asked = walk(cast, matters)
    for by in cast.everyone:
        client = signed_in(by)
        for one in [one for one in matters if not sees(by, one)]:
            for address in asked:
                if str(one.told.receipt.id) in address:
                    said = {"key": "k", "reason": "越权", "note": "越权"}
                    answer = client.post(address, said)
                    assert answer.status_code in {404, 405}, (by.title, by.place, address)
    assert reading.everything() == before


def test_no_page_tells_the_public_anything(cast: Cast, matters: list[Matter]) -> None:
    client = Client()
    for address in walk(cast, matters):
        answer = text_of(client.get(address, follow=True))
        assert not [said for said in SAID if said in answer], address


def test_a_resident_sees_their_own_case_alone(cast: Cast, matters: list[Matter]) -> None:
    for own in matters:
        client = Client()
        answer = client.post(
            reverse("portal:track"), {"number": own.told.receipt.number, "tail": PHONE[-4:]}
        )
        assert kept.COOKIE in answer.cookies
        assert own.said in text_of(client.get(reverse("portal:case")))
        for address in addresses(cast, matters[0].told.ref):
            if address == reverse("portal:leave"):
                continue
            said = text_of(client.get(address))
            assert not [one for one in SAID if one in said and one != own.said], address


def test_the_wrong_phone_opens_nothing(cast: Cast, matters: list[Matter]) -> None:
    client = Client()
    for one in matters:
        answer = client.post(
            reverse("portal:track"), {"number": one.told.receipt.number, "tail": "0000"}
        )
        assert kept.COOKIE not in answer.cookies and one.said not in text_of(answer)


def bare(of: URLResolver, above: str = "/") -> Iterator[str]:
    """Addresses outside our surfaces: health, figures, accounts; those that ask for nothing."""
    for one in of.url_patterns:
        if isinstance(one, URLResolver):
            app = one.app_name
            assert app in {*OURS, None}, f"{app} is a new surface: name it in OURS"
            if app is None:
                yield from bare(one, above + str(one.pattern))
        elif not set("<^") & set(above + str(one.pattern)):
            yield above + str(one.pattern)


def test_no_page_beside_the_surfaces_tells_of_a_case(cast: Cast, matters: list[Matter]) -> None:
    found = list(bare(get_resolver()))
    assert {"/healthz", "/metrics", "/accounts/login/"} <= set(found)
    clients = [Client(), *(signed_in(cast[place, "clerk"]) for place in (*LINE, OUTSIDE))]
    for client, address in product(clients, found):
        said = text_of(client.get(address))
        assert not [one for one in (*SAID, PHONE) if one in said], address


def test_a_question_in_bare_sql_brings_exactly_what_the_scope_allows(
    cast: Cast, matters: list[Matter]
) -> None:
    """As the application's role, with no model and no filter between."""
    question = "SELECT id FROM cases_case"
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchall() == []
        for by in cast.everyone:
            allowed = {one.told.receipt.id for one in matters if sees(by, one)}
            with within(by.scope):
                cursor.execute(question)
                assert {id_ for (id_,) in cursor.fetchall()} == allowed, (by.title, by.place)
        cursor.execute(question)
        assert cursor.fetchall() == [], "a scope outlived its transaction"


def of_cases() -> list[Any]:
    return [
        model for model in apps.get_models()
        if {"county", "case_id"} <= {f.attname for f in model._meta.fields}
    ]  # fmt: skip


def test_a_query_without_a_filter_brings_only_what_the_scope_allows(
    cast: Cast, matters: list[Matter]
) -> None:
    case, clerk = matters[0].told, cast[LINE[-1], "clerk"]
    case.act(linkage.act_named(m.mediation, "add"), {"note": Words("补充")}, by=case.resident)
    case.act(m.accept, by=clerk)
    models = of_cases()
    assert len(models) > 5
    for by in cast.everyone:
        allowed = {one.told.receipt.id for one in matters if sees(by, one)}
        with within(by.scope):
            for model in models:
                found = set(model.objects.values_list("case_id", flat=True))
                assert found <= allowed or model._meta.db_table == "cases_delta", (model, by.place)
    for model in models:
        assert not model.objects.exists(), f"{model.__name__} is open to whoever sets no scope"
