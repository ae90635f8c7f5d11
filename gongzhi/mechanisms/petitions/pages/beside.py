"""What stands beside a petition on its case page: the notices that the law requires."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.cases.reading import case_for, concerned
from gongzhi.mechanisms.petitions.pages.members import told_of
from gongzhi.mechanisms.petitions.pages.notices import notices
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def beside(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    view = case_for(by, county, id_)
    if view.mechanism.name != "petitions":
        raise Http404
    told = [(notice, told_of(view, notice)) for notice in notices(view)]
    context = {"view": view, "notices": told, "may_list": concerned(by, view.case)}
    return render(request, "petitions/beside.html", context)
