"""The posts of one's unit: who holds them, handing them over, and deputies."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.clocks import CHINA, DAY_END
from gongzhi.cases.custody import hand_over, manages
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder, current, deputise
from gongzhi.people.session import as_post

MANAGERS = ("leader", "administrator")


class ToPerson(forms.Form):
    """Names a colleague by user name; with an end day, as a deputy."""

    username = forms.CharField(label=gettext_lazy("接任人的用户名"), max_length=60)
    until = forms.DateField(
        label=gettext_lazy("代理到哪一天"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("填写日期表示临时代理；不填表示正式交接，在办案件一并移交。"),
    )  # fmt: skip

    def clean_username(self) -> Account:
        account = Account.objects.filter(
            username=self.cleaned_data["username"].strip(), is_active=True
        ).first()
        if account is None:
            raise forms.ValidationError(_("没有这个用户，请核对用户名。"))
        return account

    def clean_until(self) -> datetime | None:
        day = self.cleaned_data["until"]
        if day is None:
            return None
        until = datetime.combine(day, DAY_END, CHINA)
        if until <= timezone.now():
            raise forms.ValidationError(_("代理的最后一天不能早于今天。"))
        return until


def _posts(by: Holder) -> list[dict[str, object]]:
    held = Appointment.objects.filter(current(timezone.now()), post__unit=by.unit)
    people: dict[object, list[Appointment]] = {}
    for one in held.select_related("account").order_by("deputy"):
        people.setdefault(one.post_id, []).append(one)
    posts = Post.objects.filter(unit=by.unit, valid_to=None).order_by("kind", "title")
    return [{"post": p, "people": people.get(p.id, [])} for p in posts]


@as_post
def team(request: HttpRequest, by: Holder) -> HttpResponse:
    manages = by.kind in MANAGERS
    return render(request, "desk/team.html", {
        "by": by, "unit": Unit.objects.get(id=by.unit), "posts": _posts(by), "manages": manages,
    })  # fmt: skip


@as_post
def change(request: HttpRequest, by: Holder, post: str) -> HttpResponse:
    """Hand a post over, or give it a deputy for a time."""
    of = Post.objects.filter(id=post, valid_to=None).select_related("unit").first()
    if of is None or not manages(by, of):
        raise Http404
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("desk:team")
    form = ToPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to, until, now = form.cleaned_data["username"], form.cleaned_data["until"], timezone.now()
        if until:
            deputise(of, to, from_=now, until=until)
            said = _("%(name)s 代理此岗位至 %(day)s。") % {"name": to.name, "day": until.date()}
        else:
            cases = hand_over(of, to, now=now, by=by)
            said = _("已交接给 %(name)s，移交在办案件 %(n)s 件。") % {"name": to.name, "n": cases}
        messages.success(request, said)
        return redirect(back)
    return render(request, "desk/change.html", {"by": by, "of": of, "form": form, "back": back},
                  status=422 if form.errors else 200)  # fmt: skip
