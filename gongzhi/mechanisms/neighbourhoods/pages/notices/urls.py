from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages.notices import (
    doors,
    posters,
    residents,
    staff,
    writing,
)

urlpatterns: list[URLPattern] = [
    path("notices/", staff.listed, name="notices"),
    path("notices/new/", writing.new, name="new_notice"),
    path("notices/at/<slug:place>/", residents.at_place, name="notices_at"),
    path("notices/open/<uuid:announcement>/", residents.opened, name="open_notice"),
    path("notices/<uuid:announcement>/", staff.notice, name="notice"),
    path("notices/<uuid:announcement>/correct/", writing.correct, name="correct_notice"),
    path("notices/<uuid:announcement>/withdraw/", writing.withdraw, name="withdraw_notice"),
    path("notices/<uuid:announcement>/remind/", writing.remind, name="remind_of_notice"),
    path("notices/<uuid:announcement>/counts.csv", staff.counts, name="notice_counts"),
    path("notices/<uuid:announcement>/poster.pdf", posters.poster, name="notice_poster"),
    path("notices/<uuid:announcement>/posters.pdf", posters.sheet, name="notice_posters"),
    path("notices/<uuid:announcement>/doors/<uuid:building>/", doors.doors, name="notice_doors"),
    path("home/<slug:key>/notices/<uuid:announcement>/", residents.at_home, name="home_notice"),
]
