from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages.ranked import listed, rules

urlpatterns: list[URLPattern] = [
    path("ranked/", listed.ranked, name="ranked"),
    path("ranked/rules/", rules.rules, name="listing_rules"),
    path("ranked/rules/new/", rules.new_rule, name="new_listing_rule"),
    path("ranked/rules/<uuid:rule>/end/", rules.end_rule, name="end_listing_rule"),
]
