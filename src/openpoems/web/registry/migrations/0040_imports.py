import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("registry", "0020_one_number"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="newcomers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrow",
            name="about",
            field=models.CharField(default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="importrow",
            name="beside",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrow",
            name="digest",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="importrow",
            name="first_day",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrow",
            name="last_day",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrow",
            name="wanted",
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name="FieldMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "dictionary",
                    models.JSONField(help_text="the fields of the data dictionary: name, form, type, label, choices"),
                ),
                (
                    "entries",
                    models.JSONField(
                        default=dict, help_text="what each field means; a field that is not there is not read"
                    ),
                ),
                (
                    "missing",
                    models.CharField(blank=True, help_text="codes that stand for no value, by commas", max_length=200),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mappings", to="accounts.centre"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("centre", "name"), name="one_mapping_of_a_name")],
            },
        ),
    ]
