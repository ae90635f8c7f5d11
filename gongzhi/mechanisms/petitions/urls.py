from django.urls import path

from gongzhi.mechanisms.petitions.pages import beside, figures, members

app_name = "petitions"
urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("cases/<slug:county>/<uuid:id_>/beside/", beside.beside, name="beside"),
    path("cases/<slug:county>/<uuid:id_>/members/", members.members, name="members"),
]
