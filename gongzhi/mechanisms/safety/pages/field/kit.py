"""The kit of whoever inspects: sites and what is asked there, whole inspections, their exhibits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Check, Edition, Site
from gongzhi.mechanisms.safety.pages.field import sending
from gongzhi.mechanisms.safety.registers import industries, inspecting, packing, reporting
from gongzhi.mechanisms.safety.registers.catalogue_reading import EVIDENCE
from gongzhi.mechanisms.safety.registers.catalogue_reading import RANKS as DEFAULTS
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import CHECKS, COLOURS
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.people.posts import Holder
from gongzhi.ui import words
from gongzhi.ui.offline import Kit, each


def _ways(checks: Sequence[Check], by: Holder) -> list[dict[str, Any]]:
    """As what a site may be inspected: for a check that is due, or of one's own accord."""
    asked = [
        {"kind": c.plan.kind, "label": f"{CHECKS[c.plan.kind]}：{c.plan.name}", "due": c.due,
         "check": c.id, "categories": c.plan.categories}
        for c in checks[: packing.CHECKS]
    ]  # fmt: skip
    free: list[dict[str, Any]] = [
        {"kind": k, "label": str(CHECKS[k]), "due": None, "check": None, "categories": []}
        for k in inspecting.kinds_of(by)
    ]  # fmt: skip
    return [*asked, *free]


def _site(
    of: Site, edition: Edition | None, checks: Sequence[Check], open_: Mapping[str, int], by: Holder
) -> dict[str, Any]:
    industry = of.enterprise.industry
    items = inspecting.part(edition.id, industry, of.facts, ()) if edition else []
    return {
        "id": of.id, "name": words.named(of), "firm": words.named(of.enterprise),
        "address": of.address, "colour": str(COLOURS[of.colour]),
        "at": None if of.longitude is None else [of.longitude, of.latitude],
        "industry": str(industries.INDUSTRIES.get(industry, industry)),
        "facts": [str(FACTS[f]) for f in of.facts if f in FACTS],
        "hazards": [{"label": str(RANKS.get(rank, gettext_lazy("待定级"))), "n": n}
                    for rank, n in sorted(open_.items(), key=lambda r: [*RANKS, ""].index(r[0]))],
        "edition": edition and edition.id, "codes": [i.code for i in items],
        "ways": _ways(checks, by),
    }  # fmt: skip


def _edition(of: Edition, codes: set[str]) -> dict[str, Any]:
    return {
        "id": of.id, "name": of.name,
        "categories": [
            {"code": c.code, "name": words.named(c), "items": [_item(i) for i in items]}
            for c, items in packing.asked(of, codes)
        ],
    }  # fmt: skip


def _item(told: Mapping[str, Any]) -> dict[str, Any]:
    evidence = "、".join(str(EVIDENCE.get(e, e)) for e in told["evidence"])
    return {**told, "rank": str(DEFAULTS[told["rank"]]), "evidence": evidence}


def pack(by: Holder, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    checks = list(packing.due(by, today)[: packing.MOST * packing.CHECKS])
    of = packing.sites_of(by, checks)
    held = packing.in_force(of, today)
    open_ = packing.hazards(reporting.open_at(of, m.safety.name, by=by))
    told = [
        _site(s, held[s.place], [c for c in checks if c.site_id == s.id],
              open_.get(str(s.id), {}), by)
        for s in of
    ]  # fmt: skip
    codes: dict[Any, set[str]] = {}
    for one in told:
        codes.setdefault(one["edition"], set()).update(one["codes"])
    found = {e.id: e for e in held.values() if e}
    return {"sites": told, "editions": [_edition(e, codes[id_]) for id_, e in found.items()]}


ACTS: Final = (m.progress, m.rectify, m.rectify_stopped, m.pass_, m.fail, m.pass_stopped,
               m.fail_stopped)  # fmt: skip
SCRIPTS: Final = (
    "signature_pad/signature_pad.umd.min.js", "ui/signature.js", "safety/keeping.js",
    "safety/choosing.js", "safety/answering.js", "safety/voices.js", "safety/finishing.js",
)  # fmt: skip

KIT = Kit(
    name=m.safety.name, label=gettext_lazy("安全检查"), pack=pack,
    offered_to=lambda by: by.kind in sending.OUT_OF_DOORS and bool(inspecting.kinds_of(by)),
    kinds={"safety.inspection": each(sending.inspection), "safety.exhibit": sending.exhibits},
    acts=frozenset(a.name for a in ACTS), first="safety/field/running.html",
    screens="safety/field/screens.html", scripts=SCRIPTS,
)  # fmt: skip
