"""A household's own page in an emergency: what it needs, told by itself, and what became of it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.pages.emergency.forms import NeedForm
from gongzhi.mechanisms.neighbourhoods.pages.register.public import gone
from gongzhi.mechanisms.neighbourhoods.registers import buildings, emergencies, needs
from gongzhi.ui.throttling import slow_down


def need(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever has the household's link; the newest emergency, where there are several."""
    wait = slow_down(request, "need")
    if wait:
        return wait
    home = buildings.household_by(key)
    if home is None:
        return gone(request)
    of = emergencies.over_building(home.building_id).first()
    if of is None:
        messages.info(request, _("这里现在没有战斗状态。有事可以告诉楼长。"))
        return redirect("neighbourhoods:at_home", key)
    form: forms.Form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            needs.register(of, home, said["kinds"], said["note"], now=timezone.now(), by=None)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("已告诉楼长和社区。"), extra_tags="good")
            return redirect("neighbourhoods:need", key)
    context = {
        "of": of, "kind": emergencies.KINDS[of.kind], "home": home, "form": form,
        "needs": needs.at_home(of, home), "kept": emergencies.KEPT,
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/home.html", context,
                  status=422 if form.errors else 200)  # fmt: skip
