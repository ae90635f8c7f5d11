from django.urls import URLPattern, path

from gongzhi.mechanisms.mediation.pages import filter as filters
from gongzhi.mechanisms.mediation.pages import (
    lectures,
    mediators,
    monthly,
    near,
    network,
    planner,
    types,
    visits,
)

app_name = "mediation"
urlpatterns: list[URLPattern] = [
    path("network/", network.register, name="network"),
    path("network/new/", network.open_site, name="open_site"),
    path("network/coverage/", planner.cover, name="coverage"),
    path("network/coverage/<slug:village>/", planner.give, name="give"),
    path("network/planner/", planner.plan, name="planner"),
    path("network/mediators/<uuid:post>/", network.mediator, name="mediator"),
    path("network/<uuid:unit>/", network.site, name="site"),
    path("network/<uuid:unit>/change/", network.change_site, name="change_site"),
    path("network/<uuid:unit>/close/", network.close_site, name="close_site"),
    path("network/<uuid:unit>/rooms/", network.rooms, name="rooms"),
    path("network/<uuid:unit>/villages/", network.villages, name="villages"),
    path("filter/", filters.filter_page, name="filter"),
    path("mediators/", mediators.mediators, name="mediators"),
    path("mediators/<uuid:post>/", mediators.mediator_done, name="mediator_done"),
    path("mediators/of/<uuid:unit>/", mediators.unit_done, name="unit_done"),
    path("mediators/of/<uuid:unit>/return/", monthly.monthly, name="monthly"),
    path("types/", types.types, name="types"),
    path("types/new/", types.add_type, name="add_type"),
    path("types/<slug:kind>/change/", types.change_type, name="change_type"),
    path("visits/", visits.coming, name="visits"),
    path("visits/new/", visits.plan, name="plan_visit"),
    path("visits/<uuid:visit>/", visits.visit, name="visit"),
    path("visits/<uuid:visit>/cancel/", visits.cancel, name="cancel_visit"),
    path("visits/<uuid:visit>/change/", visits.change, name="change_visit"),
    path("visits/<uuid:visit>/lecture/", lectures.lecture, name="lecture"),
    path("lectures/", lectures.lectures, name="lectures"),
    path("lectures/new/", lectures.new_lecture, name="new_lecture"),
    path("lectures/<uuid:lecture>/<int:n>/", lectures.photo, name="lecture_photo"),
    path("near/<uuid:unit>/visits.ics", visits.feed, name="visits_feed"),
    path("near/", near.near, name="near"),
    path("near/<uuid:unit>/", near.near_site, name="near_site"),
]
