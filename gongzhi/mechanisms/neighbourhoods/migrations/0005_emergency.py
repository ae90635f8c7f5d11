from pathlib import Path

from django.db import migrations

from gongzhi.cases.migrate import sql

FOLDER = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("neighbourhoods", "0004_campaigns"),
        ("cases", "0002_door"),
        ("notices", "0001_initial"),
    ]
    operations = [sql("roll_call.sql", FOLDER), sql("emergency.sql", FOLDER)]
