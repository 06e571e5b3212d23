"""Keep what the pages show and the letter's words beside an assessment; old ones are assessed anew when next asked for."""

from django.db import migrations, models


def forget(apps, schema_editor):
    apps.get_model("insight", "Assessed").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]

    operations = [
        migrations.RunPython(forget, forget),
        migrations.AddField("assessed", "pages", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField("assessed", "letter", models.BinaryField(default=b""), preserve_default=False),
    ]
