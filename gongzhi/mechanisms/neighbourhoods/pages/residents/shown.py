"""What pages and phones say of a purpose and of a registration, in the reader's language."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from gongzhi.mechanisms.neighbourhoods.models import Household, Looked, Purpose, Registered
from gongzhi.mechanisms.neighbourhoods.registers import answers, purposes, residents
from gongzhi.people.models import Account, Post
from gongzhi.ui import words


def said(of: Purpose, name: str) -> str:
    """One of a purpose's texts."""
    english = getattr(of, f"{name}_en") if (get_language() or "").startswith("en") else ""
    return str(english or getattr(of, name))


def explained(of: Purpose, on: date | None = None) -> dict[str, Any]:
    """What a resident is told before anything is asked: PIPL Art. 17."""
    asked = answers.of(of.fields)
    return {
        "id": of.id, "name": said(of, "name"), "why": said(of, "why"), "basis": said(of, "basis"),
        "until": purposes.kept_until(of, on or timezone.localdate()),
        "asked": answers.joined(k.label for k in asked if k.name not in of.sensitive),
        "sensitive": answers.joined(k.label for k in asked if k.name in of.sensitive),
    }  # fmt: skip


def looked(of: Registered) -> list[dict[str, Any]]:
    """Who looked, when, in which post and why."""
    rows: list[Looked] = residents.looks(of)
    names = dict(Account.objects.filter(id__in={r.account for r in rows}).values_list("id", "name"))
    posts = Post.objects.select_related("unit").in_bulk({r.post for r in rows})
    return [
        {"at": r.at, "did": residents.DID[r.did], "why": r.reason, "who": names.get(r.account, ""),
         "post": words.named(posts[r.post]), "unit": words.named(posts[r.post].unit)}
        for r in rows
    ]  # fmt: skip


def once(request: HttpRequest) -> str:
    """A key in a form, so that what is sent twice registers one person."""
    return request.POST.get("once") or uuid4().hex


def id_of(household: Household, key: str) -> UUID:
    return uuid5(household.id, key)
