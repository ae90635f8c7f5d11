"""How pages look to this reader; and a page that shows every component."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from gongzhi.declare import working_days
from gongzhi.people.models import Account
from gongzhi.ui.context import THEMES, TYPES
from gongzhi.ui.fields import SignatureField

YEAR = 365 * 24 * 3600
CHOICES = {
    "language": (settings.LANGUAGE_COOKIE_NAME, set(dict(settings.LANGUAGES))),
    "theme": ("theme", set(THEMES)),
    "type": ("type", set(TYPES)),
}


def _back(request: HttpRequest) -> str:
    """Where the reader came from, if that is here."""
    to = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return to if here else "/"


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep a choice in a cookie and return to the same page. Anyone may.

    The size of type is kept in the account too: it follows its reader to another device.
    """
    answer = HttpResponseRedirect(_back(request))
    if isinstance(request.user, Account) and request.POST.get("type") in TYPES:
        request.user.large_type = request.POST["type"] == "large"
        request.user.save(update_fields=["large_type"])
    for name, (cookie, values) in CHOICES.items():
        chosen = request.POST.get(name)
        if chosen in values:
            answer.set_cookie(
                cookie,
                chosen,
                max_age=YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return answer


class Sample(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label=_("姓名"), max_length=30)
    phone = forms.CharField(
        label=_("手机号码"),
        help_text=_("只用于联系您，工作人员查看时会留下记录。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("事项类别"), choices=[("wages", _("劳动报酬")), ("land", _("土地承包"))]
    )
    way = forms.ChoiceField(
        label=_("答复方式"),
        widget=forms.RadioSelect,
        choices=[("phone", _("电话")), ("paper", _("书面")), ("visit", _("上门"))],
    )
    units = forms.MultipleChoiceField(
        label=_("请哪些单位协同"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("court", _("人民法庭")), ("office", _("司法所")), ("labour", _("劳动监察"))],
    )
    on = forms.DateField(
        label=_("发生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(label=_("情况说明"), widget=forms.Textarea(attrs={"rows": 4}))
    photo = forms.FileField(label=_("照片"), required=False)
    agreed = forms.BooleanField(label=_("以上内容属实"))
    signature = SignatureField(label=_("签名"), required=False)


def _samples() -> dict[str, object]:
    now = timezone.now()
    return {
        "now": now,
        "soon": now + timedelta(hours=30),
        "far": now + timedelta(days=12, hours=1),
        "late": now - timedelta(days=2, hours=3),
        "began": now - timedelta(days=18),
        "legal": working_days(3),
        "levels": [
            {"level": _("省"), "name": "广东省"},
            {"level": _("市"), "name": "肇庆市"},
            {"level": _("县"), "name": "德庆县", "state": "held"},
            {"level": _("镇"), "name": "九市镇", "who": "九市镇司法所", "state": "holds"},
            {"level": _("村"), "name": "旺埠村", "state": "held"},
        ],
        "step_labels": [_("选择地点"), _("说明情况"), _("核对发送")],
        "tab_items": [
            {"url": "#tabs", "label": _("我的"), "count": 12, "current": True},
            {"url": "#tabs", "label": _("本单位"), "count": 48},
            {"url": "#tabs", "label": _("辖区"), "count": None},
        ],
        "rows": [
            ("DQ-26-0001", "拖欠工资 38 万元", "办理中", now + timedelta(hours=30)),
            ("DQ-26-0002", "相邻排水纠纷", "已登记", now + timedelta(days=12)),
            ("DQ-26-0003", "山林边界争议", "办理中", now - timedelta(days=2)),
        ],
    }


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component on one page. Only where nothing is real: the demo, or a developer's."""
    if not (settings.CONFIG.demo or settings.DEBUG):
        raise Http404
    wrong = Sample({"name": "", "kind": "wages", "words": "三个月没有发工资。"})
    whole = {**_samples(), "form": Sample(prefix="new"), "wrong": wrong}
    return render(request, "ui/components.html", whole)
