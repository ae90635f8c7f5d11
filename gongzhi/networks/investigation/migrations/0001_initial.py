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
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('unit', models.UUIDField()),
                ('post', models.UUIDField()),
                ('account', models.UUIDField()),
                ('declared_at', models.DateTimeField()),
                ('place', models.CharField(db_collation='C', db_index=True, max_length=12)),
                ('title', models.CharField(max_length=60)),
                ('wanted', models.CharField(max_length=1000)),
                ('mechanism', models.CharField(max_length=40)),
                ('category', models.CharField(max_length=40)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('level', models.PositiveSmallIntegerField()),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('repeats', models.CharField(max_length=10)),
                ('times', models.PositiveSmallIntegerField()),
                ('over_on', models.DateField()),
                ('alert', models.UUIDField(db_index=True, null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('turn', models.PositiveSmallIntegerField()),
                ('place', models.CharField(db_collation='C', max_length=12)),
                ('post', models.UUIDField()),
                ('account', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('first_at', models.DateTimeField()),
                ('found', models.PositiveSmallIntegerField()),
                ('numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='investigation.round')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('of', 'turn', 'place'), name='one_answer_of_a_place')],
            },
        ),
    ]
