from pathlib import Path

from django.db import migrations

from gongzhi.cases.migrate import sql


class Migration(migrations.Migration):
    dependencies = [("neighbourhoods", "0003_notices")]
    operations = [sql("campaigns.sql", Path(__file__).parent)]
