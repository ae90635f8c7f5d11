"""Training material for firms: links that a county or city gives."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Training
from gongzhi.mechanisms.safety.pages.plans.forms import TrainingForm
from gongzhi.mechanisms.safety.pages.plans.planning import must_read
from gongzhi.mechanisms.safety.registers import industries
from gongzhi.mechanisms.safety.registers import training as register
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    must_read(by)
    today = timezone.localdate()
    rows = [
        {"row": row, "ends": register.gives(by, row.place),
         "industries": [industries.INDUSTRIES[code] for code in row.industries],
         "facts": [FACTS[name] for name in row.facts]}
        for row in register.given_in(by, today)
    ]  # fmt: skip
    context = {"by": by, "tab": "training", "rows": rows, "today": today,
               "gives": register.gives(by, by.place)}  # fmt: skip
    return render(request, "safety/training/list.html", context)


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    if not register.gives(by, by.place):
        raise Http404
    initial = {"place": by.place, "valid_from": timezone.localdate()}
    form = TrainingForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            register.add(Training(**form.cleaned_data), by=by, now=timezone.now())
            messages.success(request, _("已保存。"), extra_tags="good")
            return redirect("safety:training")
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.reason))
    context = {"by": by, "form": form, "tab": "training"}
    status = 422 if form.errors else 200
    return render(request, "safety/training/form.html", context, status=status)


@require_POST
@as_post
def end(request: HttpRequest, by: Holder, training: UUID) -> HttpResponse:
    row = get_object_or_404(Training, id=training)
    if not register.gives(by, row.place):
        raise Http404
    register.end(row, by=by, now=timezone.now())
    messages.success(request, _("已停用，企业不再看到。"), extra_tags="good")
    return redirect("safety:training")
