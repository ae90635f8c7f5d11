from django.urls import URLPattern, path

from gongzhi.networks.responsibility.pages import (
    gaps,
    listing,
    precedents,
    sheets,
    who,
    writing,
)

urlpatterns: list[URLPattern] = [
    path("", who.who, name="who"),
    path("vacancies/", gaps.vacant, name="vacancies"),
    path("overload/", gaps.overloaded, name="overload"),
    path("list/", listing.listing, name="duties"),
    path("list/new/", writing.new_duty, name="new_duty"),
    path("list/confirm/", listing.confirm, name="confirm_duties"),
    path("list/import/", sheets.take_in, name="import_duties"),
    path("list/export/", sheets.export, name="export_duties"),
    path("list/<uuid:duty>/end/", listing.end_duty, name="end_duty"),
    path("precedents/", precedents.listing, name="precedents"),
]
