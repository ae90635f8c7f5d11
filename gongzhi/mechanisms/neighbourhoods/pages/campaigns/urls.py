from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages.campaigns import (
    campaigns,
    doors,
    prints,
    progress,
    public,
    report,
    schedule,
)

ONE = "campaigns/<uuid:campaign>/"
SCHEDULE = f"{ONE}schedule/"
DOORS = f"{ONE}doors/<uuid:building>/"
urlpatterns: list[URLPattern] = [
    path("campaigns/", campaigns.listed, name="campaigns"),
    path("campaigns/new/", campaigns.new, name="new_campaign"),
    path(ONE, campaigns.campaign, name="campaign"),
    path(f"{ONE}change/", campaigns.change, name="change_campaign"),
    path(f"{ONE}close/", campaigns.close, name="close_campaign"),
    path(f"{ONE}at/<uuid:building>/", public.at_building, name="campaign_at"),
    path(SCHEDULE, schedule.schedule, name="campaign_schedule"),
    path(f"{SCHEDULE}plan/", schedule.plan, name="plan_campaign"),
    path(f"{SCHEDULE}new/", schedule.add_slot, name="add_slot"),
    path(f"{SCHEDULE}export/", schedule.export, name="export_slots"),
    path(f"{SCHEDULE}import/", schedule.take_in, name="import_slots"),
    path(f"{SCHEDULE}timetable.pdf", prints.timetable, name="campaign_timetable"),
    path(f"{SCHEDULE}placards.pdf", prints.community_placards, name="campaign_placards"),
    path(f"{SCHEDULE}<uuid:slot>/change/", schedule.change_slot, name="change_slot"),
    path(f"{SCHEDULE}<uuid:slot>/drop/", schedule.drop_slot, name="drop_slot"),
    path(f"{ONE}progress/", progress.progress, name="campaign_progress"),
    path(f"{ONE}progress/silent/", progress.silent, name="campaign_silent"),
    path(DOORS, doors.doors, name="campaign_doors"),
    path(f"{DOORS}placard.pdf", prints.building_placard, name="campaign_placard"),
    path(f"{DOORS}<uuid:household>/", doors.check_in, name="check_in"),
    path(f"{ONE}report/", report.report, name="campaign_report"),
    path(f"{ONE}report.pdf", prints.report_pdf, name="campaign_report_pdf"),
]
