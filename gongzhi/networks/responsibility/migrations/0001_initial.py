import uuid

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mechanism", models.CharField(max_length=40)),
                ("category", models.CharField(blank=True, max_length=40)),
                ("level", models.PositiveSmallIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("lead", models.CharField(max_length=40)),
                ("lead_unit", models.UUIDField(null=True)),
                ("helpers", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("basis", models.CharField(max_length=300)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("account", models.UUIDField()),
                ("post", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "duties",
                "constraints": [models.UniqueConstraint(condition=models.Q(("valid_to__isnull", True)), fields=("mechanism", "category", "level", "place"), name="one_duty_at_a_time")],
            },
        ),
    ]
