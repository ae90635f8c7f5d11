from django.urls import path

from gongzhi.portal import views
from gongzhi.ui import converters  # noqa: F401 -- it registers <mechanism:…>

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("report/", views.where, name="where"),
    path("report/<mechanism:mechanism>/<slug:place>/", views.new, name="new"),
    path("receipt/", views.receipt, name="receipt"),
    path("track/", views.track, name="track"),
    path("case/", views.case, name="case"),
    path("case/first/", views.first, name="first"),
    path("case/leave/", views.leave, name="leave"),
    path("case/letters/<slug:name>.pdf", views.letter_to_party, name="letter"),
    path("case/<slug:name>/", views.do, name="do"),
]
