"""The register of firms and sites: which there are."""

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from gongzhi.mechanisms.safety.models import Site


def current(on: date | None = None) -> Q:
    """Rows that are not over."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on or timezone.localdate())


def site(id_: UUID) -> Site | None:
    """One that is not over, whoever asks: the code at its gate is for all to scan."""
    return Site.objects.filter(current(), id=id_).select_related("enterprise").first()
