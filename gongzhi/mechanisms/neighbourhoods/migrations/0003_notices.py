from pathlib import Path

from django.db import migrations

from gongzhi.cases.migrate import sql


class Migration(migrations.Migration):
    dependencies = [
        ("neighbourhoods", "0002_residents"),
        ("people", "0001_initial"),
    ]
    operations = [sql(name, Path(__file__).parent) for name in ("notices.sql", "addresses.sql")]
