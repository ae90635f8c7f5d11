"""Addresses for trying the place picker: the site's, and one form with nothing else."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from gongzhi.places.fields import PlaceField
from gongzhi.site.urls import urlpatterns as of_the_site

PAGE = """{% extends "ui/base.html" %}{% block title %}地点{% endblock %}{% block main %}
<h1>地点</h1>
{% if done %}<p id="done">{{ done }}</p>{% endif %}
<form method="post">{% csrf_token %}{{ form }}<button class="button">下一步</button></form>
{% endblock %}"""


class Where(forms.Form):
    """One place."""

    place = PlaceField(label="在哪里", within="4412")


def where(request: HttpRequest) -> HttpResponse:
    form = Where(request.POST or None)
    done = form.cleaned_data["place"] if form.is_bound and form.is_valid() else ""
    context = RequestContext(request, {"form": form, "done": done})
    return HttpResponse(Template(PAGE).render(context))


urlpatterns = [path("try/", where), *of_the_site]
