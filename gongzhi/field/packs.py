"""What lies on a phone 随身包: one's own open cases with what may be done, and what kits add.

Least data: no names, no phones and no words of residents; where, what kind, until when.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases import catalogue, worklists
from gongzhi.cases.changes import NotFound
from gongzhi.cases.models import Case
from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import acts_open_to, seen_by
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Act
from gongzhi.people.posts import Holder, posts_of
from gongzhi.ui import offline, words

MOST = 40  # cases on a phone, the most pressing first


def _form(act: Act, seen: Snapshot, by: Holder, now: datetime) -> str:
    """The act's own form, drawn here: the phone asks what the desk asks."""
    if act.form is None:
        return ""
    form = act.form(
        case=seen, by=by, now=now, auto_id=f"{seen.id.hex[-8:]}-{act.name}-%s",
        use_required_attribute=True,
    )  # fmt: skip
    return str(form)


def _case(case: Case, acts: Iterable[str], by: Holder, now: datetime) -> dict[str, Any]:
    """Raises NotFound."""
    seen = seen_by(by, case.county, case.id)
    kind = catalogue.kind(seen.mechanism, case.category)
    return {
        "case": [case.county, str(case.id)],
        "number": spaced(case.number),
        "title": str(kind),
        "place": words.place(case.place),
        "state": _(seen.state.label),
        "urgent": case.urgent,
        "due_at": case.due_at,
        "spot": [case.longitude, case.latitude] if case.longitude is not None else None,
        "section": case.facts.get("section", ""),
        "acts": [
            {"name": a.name, "label": _(a.label), "form": _form(a, seen, by, now)}
            for a in acts_open_to(by, seen) if a.name in acts
        ],
    }  # fmt: skip


def _cases(kits: Sequence[offline.Kit], by: Holder, now: datetime) -> list[dict[str, Any]]:
    acts = {kit.name: kit.acts for kit in kits if kit.acts}
    mine = [
        case for name in acts
        for case in worklists.page("unit", by, {"mechanism": name}, size=MOST).rows
    ]  # fmt: skip
    asked = [a.case for a in worklists.tasks_of(by) if a.case.mechanism in acts]
    found = []
    for case in {c.id: c for c in (*asked, *mine)}.values():
        try:
            found.append(_case(case, acts[case.mechanism], by, now))
        except NotFound:  # it went elsewhere in this very moment
            continue
        if len(found) == MOST:
            break
    return found


def pack(by: Holder, *, now: datetime) -> dict[str, Any]:
    kits = offline.kits_for(by)
    return {
        "post": str(by.post),
        "title": words.post_of(by),
        "posts": [str(h.post) for h in posts_of(by.account, at=now)],
        "at": now,
        "cases": _cases(kits, by, now),
        "parts": {kit.name: kit.pack(by, now) for kit in kits},
    }
