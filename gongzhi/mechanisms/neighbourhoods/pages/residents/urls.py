from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages.residents import declaring, own, staff

urlpatterns: list[URLPattern] = [
    path("home/<slug:key>/register/", own.at_home, name="register_home"),
    path("home/<slug:key>/register/<uuid:purpose>/", own.register, name="register_self"),
    path("home/<slug:key>/mine/", own.find, name="find_mine"),
    path("mine/", own.code, name="mine_code"),
    path("mine/<slug:key>/", own.mine, name="mine"),
    path("mine/<slug:key>/copy.json", own.copy, name="mine_copy"),
    path("mine/<slug:key>/correct/", own.correct, name="mine_correct"),
    path("mine/<slug:key>/withdraw/<slug:field>/", own.withdraw, name="mine_withdraw"),
    path("mine/<slug:key>/erase/", own.erase, name="mine_erase"),
    path("residents/", staff.counts, name="residents"),
    path("residents/in/<uuid:building>/", staff.building, name="residents_in"),
    path("residents/at/<uuid:household>/", staff.household, name="residents_at"),
    path("residents/at/<uuid:household>/register/<uuid:purpose>/", staff.register,
         name="register_at_door"),
    path("residents/<uuid:registered>/correct/", staff.correct, name="correct_at_door"),
    path("residents/<uuid:registered>/erase/", staff.erase, name="erase_at_door"),
    path("purposes/", declaring.listed, name="purposes"),
    path("purposes/new/", declaring.new, name="declare_purpose"),
    path("purposes/<uuid:purpose>/end/", declaring.end, name="end_purpose"),
]  # fmt: skip
