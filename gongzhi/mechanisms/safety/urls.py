from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages import beside, hub
from gongzhi.mechanisms.safety.pages.accidents import urls as accidents
from gongzhi.mechanisms.safety.pages.audits import urls as audits
from gongzhi.mechanisms.safety.pages.catalogue import urls as catalogue
from gongzhi.mechanisms.safety.pages.inspections import urls as inspections
from gongzhi.mechanisms.safety.pages.plans import urls as plans
from gongzhi.mechanisms.safety.pages.ranked import urls as ranked
from gongzhi.mechanisms.safety.pages.register import urls as register

app_name = "safety"
urlpatterns: list[URLPattern] = [
    path("", hub.hub, name="hub"),
    path("cases/<slug:county>/<uuid:id_>/beside/", beside.beside, name="beside"),
    *ranked.urlpatterns,
    *register.urlpatterns,
    *catalogue.urlpatterns,
    *accidents.urlpatterns,
    *audits.urlpatterns,
    *plans.urlpatterns,
    *inspections.urlpatterns,
]
