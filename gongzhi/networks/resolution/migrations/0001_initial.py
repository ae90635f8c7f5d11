import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("unit", models.UUIDField(db_index=True)),
                ("title", models.CharField(max_length=120)),
                ("begins_at", models.DateTimeField()),
                ("where", models.CharField(max_length=120)),
                ("by", models.UUIDField()),
                ("planned_at", models.DateTimeField()),
                ("alert", models.UUIDField(db_index=True, null=True)),
                ("held_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.UUIDField(db_index=True)),
                ("came", models.BooleanField(null=True)),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="resolution.meeting")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("meeting", "unit"), name="one_seat_for_a_unit")],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField()),
                ("of_county", models.CharField(db_collation="C", max_length=6)),
                ("of_case", models.UUIDField()),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="resolution.meeting")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("meeting", "of_case"), name="once_on_an_agenda")],
            },
        ),
    ]
