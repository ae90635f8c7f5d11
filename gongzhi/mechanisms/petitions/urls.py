from django.urls import path

from gongzhi.mechanisms.petitions.pages import beside, figures

app_name = "petitions"
urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("cases/<slug:county>/<uuid:id_>/beside/", beside.beside, name="beside"),
]
