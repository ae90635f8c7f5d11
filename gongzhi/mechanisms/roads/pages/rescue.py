"""One press calls rescue out 一键救援: where, how grave, who is needed."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.roads.forms.rescue import RescueForm
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.registers import rescue
from gongzhi.mechanisms.roads.roles import STAFF
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

WHERE = ("place", "road_id", "km", "longitude", "latitude")


def _accident(request: HttpRequest, by: Holder) -> Accident | None:
    """The accident that this is about, when it was recorded before the call."""
    said = request.GET.get("accident")
    if not said:
        return None
    try:
        found = Accident.objects.select_related("road").filter(id=UUID(said)).first()
    except ValueError:
        found = None
    if found is None or not found.place.startswith(by.place):
        raise Http404
    return found


def _known(of: Accident | None, by: Holder) -> dict[str, object]:
    if of is None:
        return {"place": by.place}
    told = ("place", "km", "longitude", "latitude", "deaths", "injured")
    road = of.road.code if of.road else ""
    return {name: getattr(of, name) for name in told} | {"road": road}


@as_post
def call(request: HttpRequest, by: Holder) -> HttpResponse:
    if by.kind not in STAFF:
        raise Http404
    of = _accident(request, by)
    form = RescueForm(request.POST or None, by=by, initial=_known(of, by))
    key = request.POST.get("key") or uuid4().hex
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = rescue.Call(
            category=said["category"], where={n: said.get(n) for n in WHERE}, needs=said["needs"],
            deaths=said["deaths"] or 0, injured=said["injured"] or 0, trapped=said["trapped"],
            text=said["text"],
        )  # fmt: skip
        try:
            done = rescue.call_out(told, key=key, now=timezone.now(), by=by, accident=of)
        except Refused as error:
            field = error.field if error.field in form.fields else None
            form.add_error(field, str(error.reason))
        else:
            messages.success(request, _("已吹紧急哨；请同时打电话。"), extra_tags="good")
            return redirect("desk:case", done.county, done.id)
    context = {
        "by": by, "form": form, "key": key, "bodies": rescue.BODIES,
        "reachable": rescue.reachable(
            form["category"].value(), by.place, now=timezone.now(), but=by.unit
        ).units,
    }  # fmt: skip
    return render(request, "roads/rescue/call.html", context,
                  status=422 if form.errors else 200)  # fmt: skip
