from django.urls import path

from gongzhi.command import views
from gongzhi.command.alerts import pages as alerts
from gongzhi.command.reports import pages as reports

app_name = "command"
urlpatterns = [
    path("", views.place, name="place"),
    path("compare/", views.compare, name="compare"),
    path("indicators/", views.indicators, name="indicators"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/parameters/", alerts.numbers, name="alert_parameters"),
    path("alerts/<uuid:alert>/", alerts.alert, name="alert"),
    path("reports/", reports.reports, name="reports"),
    path("reports/remark/", reports.remark, name="remark_report"),
    path("reports/subscribe/", reports.subscribe, name="subscribe_reports"),
]
