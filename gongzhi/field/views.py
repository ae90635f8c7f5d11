"""The phone's page, the pack that it takes along, and what it sends back."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from gongzhi.cases.numbers import spaced
from gongzhi.field import operations, packs, shell, syncing
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui import context
from gongzhi.ui.offline import Answer

COLOUR, PAPER = "#0d5a51", "#faf9f5"


@as_post
def home(request: HttpRequest, by: Holder) -> HttpResponse:
    return HttpResponse(shell.shown(request, by))


@as_post
def worker(request: HttpRequest, by: Holder) -> HttpResponse:
    answer = HttpResponse(shell.worker(request, by), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone asks before it installs the page."""
    name = _("共治外勤")
    icons = [
        {"src": static(f"field/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
         "purpose": "any maskable"}
        for size in (192, 512)
    ]  # fmt: skip
    home = reverse("field:home")
    return JsonResponse(
        {
            "id": home, "start_url": home, "scope": home, "display": "standalone",
            "name": f"{name} {context.city_name()}", "short_name": name, "icons": icons,
            "theme_color": COLOUR, "background_color": PAPER,
            "lang": getattr(request, "LANGUAGE_CODE", ""),
        },
        content_type="application/manifest+json",
    )  # fmt: skip


# What is to be checked is a long list; nothing secret is in it that its size could betray.
@gzip_page
@require_GET
@as_post
@ensure_csrf_cookie
def pack(request: HttpRequest, by: Holder) -> JsonResponse:
    answer = JsonResponse(packs.pack(by, now=timezone.now()))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _told(answer: Answer) -> dict[str, object]:
    link = reverse("desk:case", args=answer.case) if answer.case else ""
    number = spaced(answer.number) if answer.number else ""
    return {"what": answer.what, "said": str(answer.said), "number": number, "link": link}


@require_POST
@as_post
def sync(request: HttpRequest, by: Holder) -> JsonResponse:
    now = timezone.now()
    try:
        told = operations.read(request, now)
    except operations.Unreadable as error:
        return JsonResponse({"said": _(str(error.__doc__))}, status=400)
    answers = syncing.perform(told, now=now, by=by)
    return JsonResponse({"answers": [_told(a) for a in answers], "at": now})
