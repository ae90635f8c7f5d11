"""An inspection comes from a phone: kept once, by its edition; what is not met begins a hazard."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongzhi.cases import replay
from gongzhi.cases.models import Attachment, Entry
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import begin
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Answer, Check, Edition, Inspection, Plan, Site
from gongzhi.mechanisms.safety.registers import catalogue_reading, editions, shipped, sites
from gongzhi.mechanisms.safety.tests.inspected import (
    CITY,
    COUNTY,
    TOWN,
    VILLAGE,
    Phone,
    Workshop,
    hazards,
    photo,
)
from gongzhi.mechanisms.safety.tests.register import code as credit_code
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within


@pytest.fixture
def shop(fresh_database: str) -> Workshop:
    return Workshop()


def refused(answer: dict[str, Any], why: str) -> None:
    assert answer["what"] == "rejected" and why in answer["said"], answer


class TestKeeping:
    def test_what_is_not_met_begins_hazards(self, shop: Workshop) -> None:
        bad = shop.codes[:3]
        told = shop.told(bad)
        told["found"][bad[0]]["danger"] = True
        answer = Phone(shop.officer).inspect(told)
        assert (answer["what"], answer["said"]) == ("done", "已登记 3 处隐患")
        row = Inspection.objects.get()
        n = len(shop.codes)
        assert (row.asked, row.met, row.not_met, row.not_applicable) == (n, n - 3, 3, 0)
        assert (row.kind, row.unit, row.whole) == ("self", shop.officer.unit, True)
        found = hazards(shop.site.id)
        assert [c.facts["item"] for c in found] == sorted(bad)
        assert [c.urgent for c in found].count(True) == 1
        numbers = dict(row.answers.exclude(number="").values_list("code", "number"))
        assert numbers == {c.facts["item"]: c.number for c in found}
        item = next(i for i in shop.items if i.code == found[0].facts["item"])
        assert (found[0].category, found[0].title) == (item.category.group, item.not_met)
        seen = case_for(shop.officer, found[0].county, found[0].id)
        assert seen.words("find", "text") == f"看到 {item.code}"
        assert replay.verify() == []

    def test_sent_twice_it_is_one(self, shop: Workshop) -> None:
        phone, told = Phone(shop.officer), shop.told(shop.codes[:1])
        one = phone.did("inspection", told)
        assert [a["what"] for a in (*phone.send(one), *phone.send(one))] == ["done", "again"]
        assert phone.inspect(told)["what"] == "again"  # under another key
        assert Inspection.objects.count() == len(hazards(shop.site.id)) == 1
        refused(Phone(shop.grid).inspect({**told, "kind": "grid"}), "已经用过")

    def test_a_known_hazard_is_not_begun_twice(self, shop: Workshop) -> None:
        phone, bad = Phone(shop.officer), shop.codes[:2]
        phone.inspect(shop.told(bad[:1]))
        answer = phone.inspect(shop.told(bad))
        assert answer["said"] == "已登记 1 处隐患；1 处以前登记过，还没有销号"
        first, _second = found = hazards(shop.site.id)
        assert len(found) == 2
        numbers = Answer.objects.filter(code=bad[0]).values_list("number", flat=True)
        assert set(numbers) == {first.number}
        with within(Scope(place="44")):
            acts = list(
                Entry.objects.filter(case_id=first.id).order_by("seq").values_list("act", flat=True)
            )
        assert acts == ["find", "note"]

    def test_what_a_worker_told_is_not_shown_by_an_inspection(self, shop: Workshop) -> None:
        data = {"site": shop.site.id, "item": shop.codes[0], "text": "有人说过"}
        told = begin(m.safety, category="machinery", data=data)
        Phone(shop.inspector).inspect(shop.told(shop.codes[:1], kind="department"))
        assert Answer.objects.exclude(number="").get().number != told.receipt.number

    def test_a_part_and_what_is_left_open(self, shop: Workshop) -> None:
        category = shop.items[0].category.code
        part = [i.code for i in shop.items if i.category.code == category]
        verdicts = {part[0]: "not_applicable"}
        told = shop.told(categories=[category], verdicts=verdicts)
        assert Phone(shop.officer).inspect(told)["what"] == "done"
        row = Inspection.objects.get()
        assert (row.asked, row.answered, row.not_applicable) == (len(part), 1, 1)


class TestWhoAndWhat:
    def test_each_their_kind_of_check(self, shop: Workshop) -> None:
        expert = shop.cast[CITY, "expert"]
        for by, kind in ((shop.grid, "grid"), (shop.inspector, "department"), (expert, "cross")):
            assert Phone(by).inspect(shop.told(kind=kind))["what"] == "done"
            refused(Phone(by).inspect(shop.told()), "不能对这个场所")
        refused(Phone(shop.officer).inspect(shop.told(kind="department")), "不能对这个场所")
        refused(Phone(shop.inspector).inspect(shop.told(kind="audit")), "不能对这个场所")

    def test_neither_a_foreign_firm_nor_another_place(self, shop: Workshop) -> None:
        other = shop.register.add_firm("德庆县顺达木业有限公司", code=credit_code(77))
        stranger = shop.register.staff("safety_officer", other)
        refused(Phone(stranger).inspect(shop.told()), "不能对这个场所")
        outsider = shop.cast["441202", "safety_inspector"]
        refused(Phone(outsider).inspect(shop.told(kind="department")), "不能对这个场所")
        assert not Inspection.objects.exists()

    def test_a_firms_own_site_in_another_place(self, shop: Workshop) -> None:
        far = shop.register.add_site(shop.register.firm, "外村仓库", place=f"{TOWN}201")
        verdicts = {i.code: "met" for i in editions.items_for(far, on=timezone.localdate())}
        bad = next(iter(verdicts))
        told = shop.told(site=str(far.id), verdicts={**verdicts, bad: "not_met"},
                         found={bad: {"text": "坏了"}})  # fmt: skip
        assert Phone(shop.officer).inspect(told)["what"] == "done"
        (case,) = hazards(far.id)
        assert case.place == far.place and shop.officer.unit in case.units

    def test_a_wrong_or_ended_site(self, shop: Workshop) -> None:
        phone = Phone(shop.officer)
        refused(phone.inspect(shop.told(site=str(uuid4()))), "没有这个场所")
        Site.objects.filter(id=shop.site.id).update(valid_to=shop.today - timedelta(days=3))
        refused(phone.inspect(shop.told()), "停用")

    def test_what_does_not_fit(self, shop: Workshop) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"verdicts": {}}, "没有结果"),
            ({"verdicts": {"A01-01": "perhaps"}}, "没有结果"),
            ({"verdicts": {"Z99-99": "met"}, "found": {}}, "不适用于这个场所：Z99-99"),
            ({"found": {}}, "要写明情况"),
            ({"edition": str(uuid4())}, "不认识"),
            ({"verdicts": ["met"]}, "无法读取"),
            ({"check_of": str(uuid4())}, "待办检查"),
        ]
        phone = Phone(shop.officer)
        for changes, why in wrong:
            refused(phone.inspect(shop.told(shop.codes[:1], **changes)), why)
        assert not Inspection.objects.exists() and not hazards(shop.site.id)


class TestOlderPacks:
    def test_an_older_edition_stays_that_of_the_inspection(self, shop: Workshop) -> None:
        told = shop.told(shop.codes[:1])
        held = catalogue_reading.read(shipped.rows()).contents
        newer = Edition(place=COUNTY, name="新版", source="文件",
                        valid_from=timezone.localdate(shop.now))  # fmt: skip
        editions.enter(newer, held, now=shop.now)
        assert editions.in_force(VILLAGE, timezone.localdate(shop.now)) == newer
        assert Phone(shop.officer).inspect(told)["what"] == "done"
        assert Inspection.objects.get().edition == shop.edition
        tomorrow = (shop.now - timedelta(days=30)).isoformat()
        refused(Phone(shop.officer).inspect(shop.told(packed_at=tomorrow)), "不认识")

    def test_facts_that_changed_since(self, shop: Workshop) -> None:
        told = shop.told()
        sites.change(shop.site, {"facts": []}, by=shop.register.clerk, now=timezone.now())
        assert Phone(shop.officer).inspect(told)["what"] == "done"


def due(shop: Workshop, by: Holder, kind: str) -> Check:
    today = timezone.localdate(shop.now)
    plan = Plan.objects.create(
        place=TOWN, name="春季检查", kind=kind, unit=by.unit, every={}, valid_from=today,
        account=by.account, post=by.post, entered_at=shop.now,
    )  # fmt: skip
    return Check.objects.create(
        plan=plan, site=shop.site, place=VILLAGE, unit=by.unit, from_day=today,
        due=today + timedelta(days=9),
    )  # fmt: skip


class TestSettling:
    def test_a_check_is_settled_by_a_whole_inspection(self, shop: Workshop) -> None:
        check, phone = due(shop, shop.officer, "self"), Phone(shop.officer)
        (site, _store) = phone.pack()["sites"]
        assert (site["ways"][0]["check"], site["ways"][1]["check"]) == (str(check.id), None)
        broken_off = {shop.codes[0]: "met"}
        phone.inspect(shop.told(check_of=str(check.id), verdicts=broken_off))
        check.refresh_from_db()
        assert check.done_at is None
        phone.inspect(shop.told(check_of=str(check.id)))
        check.refresh_from_db()
        assert check.done_at is not None


class TestExhibits:
    def test_what_came_before_lies_with_the_hazard(self, shop: Workshop) -> None:
        phone, bad = Phone(shop.officer), shop.codes[0]
        told = shop.told([bad])
        assert phone.exhibit(told["inspection"], bad, photo(1), photo(2))["what"] == "done"
        assert phone.exhibit(told["inspection"], what="inspector")["what"] == "done"
        phone.inspect(told)
        (case,) = hazards(shop.site.id)
        with within(Scope(place="44")):
            assert Attachment.objects.filter(case_id=case.id).count() == 2
        row = Inspection.objects.get()
        assert sorted(row.exhibits.values_list("what", flat=True)) == [
            "inspector",
            "photo",
            "photo",
        ]

    def test_what_comes_late_follows(self, shop: Workshop) -> None:
        phone, bad = Phone(shop.officer), shop.codes[0]
        told = shop.told([bad])
        phone.inspect(told)
        for _n in range(2):
            assert phone.exhibit(told["inspection"], bad)["what"] == "done"
        (case,) = hazards(shop.site.id)
        with within(Scope(place="44")):
            assert Attachment.objects.filter(case_id=case.id).count() == 1
        assert Inspection.objects.get().exhibits.count() == 1

    def test_of_ones_own_inspection_and_pictures_only(self, shop: Workshop) -> None:
        phone, told = Phone(shop.officer), shop.told()
        phone.inspect(told)
        refused(Phone(shop.grid).exhibit(told["inspection"], shop.codes[0]), "不是您做的")
        refused(phone.exhibit(told["inspection"]), "无法归到")
        pdf = SimpleUploadedFile("0.jpg", b"%PDF-1.7 x %%EOF")
        refused(phone.exhibit(told["inspection"], shop.codes[0], pdf), "只收照片和录音")


class TestPack:
    def test_each_item_once_whatever_the_sites(self, shop: Workshop) -> None:
        pack = Phone(shop.inspector).pack()
        (edition,) = pack["editions"]
        told = [i["code"] for c in edition["categories"] for i in c["items"]]
        assert len(told) == len(set(told))
        assert {code for s in pack["sites"] for code in s["codes"]} == set(told)
        assert {s["id"] for s in pack["sites"]} >= {str(shop.site.id)}

    def test_a_firm_is_not_told_of_what_a_worker_told(self, shop: Workshop) -> None:
        begin(m.safety, category="machinery", data={"site": shop.site.id, "text": "有人说过"})
        Phone(shop.officer).inspect(shop.told(shop.codes[:1]))
        for by in (shop.officer, shop.inspector):
            site = next(s for s in Phone(by).pack()["sites"] if s["id"] == str(shop.site.id))
            assert site["hazards"] == [{"label": "待定级", "n": 1}]

    def test_only_whoever_inspects_out_of_doors(self, shop: Workshop) -> None:
        clerk = shop.cast[TOWN, "clerk"]
        assert "safety" not in Phone(clerk).client.get("/field/pack").json()["parts"]
