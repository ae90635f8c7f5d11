"""An audit is opened: of what, over which days, why; the sample is drawn at once."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.mechanisms.safety.models import Audit
from gongzhi.mechanisms.safety.pages.audits.forms import OpenForm
from gongzhi.mechanisms.safety.pages.register.editing import form_page, kept
from gongzhi.mechanisms.safety.registers import audit_rights, audits, enterprises
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def open_audit(request: HttpRequest, by: Holder) -> HttpResponse:
    if not audit_rights.stands_over(by):
        raise Http404
    form = OpenForm(
        request.POST or None, by=by, today=timezone.localdate(),
        initial={"firm": _code(request.GET.get("firm", ""))},
    )  # fmt: skip
    made: list[Audit] = []

    def done(said: object) -> None:
        made.append(audits.open_(form.asked(), by=by, now=timezone.now()))

    if kept(request, form, done):
        return redirect("safety:audit", made[0].id)
    return form_page(
        request, by, form, _("发起安全审计"), reverse("safety:audits"), button=_("发起并抽样")
    )


def _code(firm: str) -> str:
    try:
        found = enterprises.firm(UUID(firm))
    except ValueError:
        return ""
    return found.code if found else ""
