import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Mediator',
            fields=[
                ('post', models.UUIDField(primary_key=True, serialize=False)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('since', models.PositiveSmallIntegerField(null=True)),
                ('about', models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('unit', models.UUIDField(db_index=True)),
                ('name', models.CharField(max_length=60)),
                ('closed_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('unit', models.UUIDField(primary_key=True, serialize=False)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('longitude', models.FloatField(null=True)),
                ('latitude', models.FloatField(null=True)),
                ('located', models.CharField(default='town', max_length=10)),
                ('hours', models.JSONField(default=list)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('named_after', models.UUIDField(null=True)),
                ('about', models.CharField(blank=True, max_length=400)),
                ('opened_on', models.DateField(null=True)),
                ('closed_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Served',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('unit', models.UUIDField(db_index=True)),
                ('village', models.CharField(db_collation='C', db_index=True, max_length=12)),
                ('served_from', models.DateField()),
                ('served_to', models.DateField(null=True)),
            ],
            options={
                'verbose_name_plural': 'served',
                'constraints': [models.UniqueConstraint(condition=models.Q(('served_to__isnull', True)), fields=('unit', 'village'), name='served_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('unit', models.UUIDField()),
                ('judge', models.UUIDField()),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('cancelled_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'begins_at'], name='visit_of_unit'), models.Index(fields=['judge', 'begins_at'], name='visit_of_judge')],
            },
        ),
        migrations.CreateModel(
            name='FeedKey',
            fields=[
                ('post', models.UUIDField(primary_key=True, serialize=False)),
                ('account', models.UUIDField()),
                ('digest', models.BinaryField(unique=True)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Lecture',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('unit', models.UUIDField(db_index=True)),
                ('topic', models.CharField(max_length=120)),
                ('held_at', models.DateTimeField()),
                ('attendance', models.PositiveIntegerField()),
                ('photos', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('by', models.UUIDField()),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lectures', to='mediation.visit')),
            ],
        ),
    ]
