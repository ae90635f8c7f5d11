from django.urls import path

from gongzhi.networks.investigation.pages import answering, coverage, declaring, rounds

urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("new/", declaring.declare, name="declare_round"),
    path("<uuid:round_>/", coverage.coverage, name="round"),
    path("<uuid:round_>/end/", declaring.end, name="end_round"),
    path("<uuid:round_>/<int:turn>/<slug:place>/", answering.answer, name="answer_round"),
]
