from django.db import migrations

from gongzhi.cases.migrate import sql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]
    operations = [
        sql("keys.sql"),
        sql("see.sql"),
        sql("books.sql"),
        sql("figures.sql"),
        sql("tell.sql"),
        sql("act.sql"),
        sql("report.sql"),
        sql("sweep.sql"),
        sql("fallback.sql"),
        sql("chase.sql"),
        sql("wall.sql"),
    ]
