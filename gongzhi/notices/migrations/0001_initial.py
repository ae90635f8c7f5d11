import uuid
from pathlib import Path

from django.db import migrations, models

DOOR = Path(__file__).parents[1] / "outbox.sql"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0002_door"), ("people", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Outlet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit", models.UUIDField()),
                ("account", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=10)),
                ("address", models.BinaryField()),
                ("secret", models.BinaryField(null=True)),
                ("shown", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=10)),
                ("paused_at", models.DateTimeField(null=True)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("set_by", models.UUIDField()),
                ("ended_by", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("valid_to__isnull", True)), fields=["unit"], name="outlet_in_use")],
            },
        ),
        migrations.RunSQL([DOOR.read_text(encoding="utf-8").replace("%", "%%")]),
    ]
