from django.urls import path

from gongzhi.desk import intake, letters, outlets, progress, sheets, team, views
from gongzhi.ui import converters  # noqa: F401 -- it registers <mechanism:…>

app_name = "desk"
TEXT = "letters/<mechanism:mechanism>/<slug:name>/"
CASE = "cases/<slug:county>/<uuid:id_>/"
urlpatterns = [
    path("", views.worklist, name="list"),
    path("waiting/", views.waiting, name="waiting"),
    path("posts/", views.posts, name="posts"),
    path("team/", team.team, name="team"),
    path("team/<uuid:post>/", team.change, name="change"),
    path("outlets/", outlets.listed, name="outlets"),
    path("outlets/<uuid:outlet>/", outlets.change, name="change_outlet"),
    path("filters/", views.save_filter, name="save_filter"),
    path("filters/drop/", views.drop_filter, name="drop_filter"),
    path("letters/", letters.listed, name="letters"),
    path(TEXT, letters.change, name="letter_text"),
    path(TEXT + "preview/", letters.preview, name="letter_preview"),
    path("new/<mechanism:mechanism>/", intake.where, name="new"),
    path("new/<mechanism:mechanism>/<slug:place>/", intake.new, name="register"),
    path("export.xlsx", sheets.export, name="export"),
    path("import/<mechanism:mechanism>/", sheets.take_in, name="import"),
    path(CASE, views.case, name="case"),
    path(CASE + "like/", intake.like, name="like"),
    path(CASE + "earlier/", intake.earlier, name="earlier"),
    path(CASE + "progress/", progress.progress, name="progress"),
    path(CASE + "do/<slug:name>/", views.do, name="do"),
    path(CASE + "files/<int:seq>/<int:n>/", views.attachment, name="file"),
    path(CASE + "letters/<slug:name>.pdf", views.document, name="letter"),
]
