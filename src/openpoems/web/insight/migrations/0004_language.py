"""Keep an assessment for each language; those that are kept are made anew when next asked for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("insight", "0003_document_deflated")]

    operations = [
        migrations.DeleteModel(name="Assessed"),
        migrations.CreateModel(
            name="Assessed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                ("revision", models.PositiveIntegerField()),
                ("version", models.CharField(max_length=40)),
                ("as_of", models.DateField()),
                ("document", models.BinaryField()),
                ("report", models.BinaryField()),
                ("pages", models.BinaryField()),
                ("letter", models.BinaryField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assessed", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "assessed",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "language"), name="one_assessment_in_a_language")
                ],
            },
        ),
    ]
