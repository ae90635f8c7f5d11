from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages.catalogue import browsing, comparing, importing

urlpatterns: list[URLPattern] = [
    path("catalogue/", browsing.here, name="catalogue"),
    path("catalogue/editions/", comparing.editions, name="editions"),
    path("catalogue/import/", importing.take_in, name="import_catalogue"),
    path("catalogue/<uuid:edition>/", browsing.edition, name="edition"),
    path("catalogue/<uuid:edition>/export/", importing.export, name="export_edition"),
    path("catalogue/<uuid:edition>/since/<uuid:other>/", comparing.since, name="edition_since"),
    path("catalogue/<uuid:edition>/<slug:item>/", browsing.item, name="catalogue_item"),
]
