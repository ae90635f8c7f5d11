from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages.plans import due, material, planning, portal

urlpatterns: list[URLPattern] = [
    path("plans/", planning.listed, name="plans"),
    path("plans/new/", planning.new, name="new_plan"),
    path("plans/<uuid:plan>/", planning.plan, name="plan"),
    path("plans/<uuid:plan>/change/", planning.change, name="change_plan"),
    path("plans/<uuid:plan>/end/", planning.end, name="end_plan"),
    path("checks/", due.listed, name="checks"),
    path("training/", material.listed, name="training"),
    path("training/new/", material.new, name="new_training"),
    path("training/<uuid:training>/end/", material.end, name="end_training"),
    path("own/hazards/", portal.hazards, name="own_hazards"),
]
