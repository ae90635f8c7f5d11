from django.urls import path

from gongzhi.portal import views
from gongzhi.portal.account import pages as account
from gongzhi.ui import converters  # noqa: F401 -- it registers <mechanism:…>

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("report/", views.where, name="where"),
    path("report/<mechanism:mechanism>/<slug:place>/", views.new, name="new"),
    path("receipt/", views.receipt, name="receipt"),
    path("track/", views.track, name="track"),
    path("account/", account.account, name="account"),
    path("account/feed/", account.feed, name="account_feed"),
    path("account/data/dictionary.json", account.dictionary, name="account_dictionary"),
    path("account/data/<slug:month>.csv", account.data, {"kind": "csv"}, name="account_csv"),
    path("account/data/<slug:month>.json", account.data, {"kind": "json"}, name="account_json"),
    path("account/data/<slug:month>/<slug:place>.csv", account.data_of, name="account_data_of"),
    path("case/", views.case, name="case"),
    path("case/first/", views.first, name="first"),
    path("case/leave/", views.leave, name="leave"),
    path("case/letters/<slug:name>.pdf", views.letter_to_party, name="letter"),
    path("case/<slug:name>/", views.do, name="do"),
]
