"""Whether each member of a group was told 告知到人: a list for every notice, and what is missing.

Read from the ledger as the notices are. Who petitioned first has the letter by its delivery.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import linkage, sheets
from gongzhi.cases.act import act
from gongzhi.cases.changes import Refused
from gongzhi.cases.informing import Telling, tell_members
from gongzhi.cases.informing_forms import TellMembers
from gongzhi.cases.reading import CaseView, Person, case_for, concerned
from gongzhi.mechanisms.petitions.forms.intake import ONLINE, SERVED
from gongzhi.mechanisms.petitions.pages.notices import Notice, notices
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post, revealed
from gongzhi.ui.words import label

SHOWN = ("left", "told", "all")


@dataclass(frozen=True, slots=True)
class Told:
    """How many of a group know a notice, and which of them do."""

    n: int
    of: int
    tellings: dict[str, Telling]


@dataclass(frozen=True, slots=True)
class Row:
    """A member as they may be shown, and how they were told."""

    person: Person
    telling: Telling | None

    @property
    def way(self) -> Any:
        return dict(SERVED).get(self.telling.way, self.telling.way) if self.telling else ""

    @property
    def on(self) -> date | None:
        return self.telling.on if self.telling else None


def told_of(view: CaseView, notice: Notice) -> Told | None:
    """None where nobody has to be told apart: of one petitioner, or of a slip of registration."""
    group = view.snapshot.members
    if len(group) < 2 or not notice.to_each:
        return None
    found = dict(view.told.get(notice.seq, {}))
    if notice.served != ONLINE:
        delivered = Telling(notice.served, timezone.localdate(notice.sent_at))
        found = {str(p.id): delivered for p in group if p.seq == 1} | found
    return Told(len(found), len(group), found)


def _rows(view: CaseView, told: Told, shown: str) -> list[Row]:
    people = sorted(view.people, key=lambda p: (p.name, p.id))
    rows = [Row(p, told.tellings.get(str(p.id))) for p in people if p.side == "applicant"]
    if shown == "all":
        return rows
    return [row for row in rows if (row.telling is None) == (shown == "left")]


def _sheet(notice: Notice, rows: Sequence[Row]) -> HttpResponse:
    """As masked as the page is."""
    head = [_("姓名"), _("电话"), _("告知书"), _("怎样告知的"), _("哪天告知的")]
    lines = [
        [r.person.name, r.person.phone, label(notice.document), str(r.way),
         r.on.isoformat() if r.on else ""]
        for r in rows
    ]  # fmt: skip
    response = HttpResponse(sheets.made_of(head, lines), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="members.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def _noted(form: TellMembers, view: CaseView, key: str, by: Holder) -> bool:
    """What was ticked is entered; a refusal stays on the page."""
    if not form.is_valid():
        return False
    ref = view.case.county, view.case.id
    try:
        act(ref, tell_members, form.told(), key=key, now=timezone.now(), by=by)
    except Refused as error:
        form.add_error(None, str(error.reason))
    return form.is_valid()


def _asked(request: HttpRequest, view: CaseView) -> tuple[Notice, Told, list[Notice]]:
    """The notice that is asked for, the latest unless said. Raises Http404 where there is none."""
    each = {str(n.seq): (n, told) for n in notices(view) if (told := told_of(view, n))}
    wanted = request.GET.get("notice") or next(reversed(each), "")
    if wanted not in each:
        raise Http404
    return *each[wanted], [n for n, _told in each.values()]


@as_post
def members(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    """For the units of the case alone: who was told of a notice and who was not, to be ticked."""
    view = case_for(by, county, id_, unmasked=revealed(request, id_))
    shown = request.GET.get("show", SHOWN[0])
    if view.mechanism.name != "petitions" or not concerned(by, view.case) or shown not in SHOWN:
        raise Http404
    notice, told, each = _asked(request, view)
    rows = _rows(view, told, shown)
    here = f"{reverse('petitions:members', args=[county, id_])}?notice={notice.seq}"
    if request.GET.get("as") == "xlsx":
        return _sheet(notice, rows)
    said = request.POST.copy()
    if "all" in said:
        said.setlist("members", [str(r.person.id) for r in rows])
    form = TellMembers(
        said or None, case=view.snapshot, by=by, now=timezone.now(),
        initial={"notice": notice.seq, "on": timezone.localdate()},
    )  # fmt: skip
    if request.method == "POST" and _noted(form, view, said.get("key", ""), by):
        n = len(form.cleaned_data["members"])
        messages.success(request, _("已登记 %(n)d 人。") % {"n": n}, extra_tags="good")
        return redirect(here)
    context: dict[str, Any] = {
        "by": by, "view": view, "notice": notice, "each": each, "told": told, "rows": rows,
        "left": told.of - told.n, "shown": shown, "form": form, "here": here,
        "ticked": set(said.getlist("members")), "key": said.get("key") or uuid4().hex,
        "may_reveal": linkage.reveal in view.acts, "masked": not revealed(request, id_),
    }  # fmt: skip
    return render(request, "petitions/members.html", context,
                  status=422 if form.errors else 200)  # fmt: skip
