"""Keep the document of an assessment deflated; old ones are assessed anew when next asked for."""

from django.db import migrations, models


def forget(apps, schema_editor):
    apps.get_model("insight", "Assessed").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("insight", "0002_pages_and_letter")]

    operations = [
        migrations.RunPython(forget, forget),
        migrations.RemoveField("assessed", "document"),
        migrations.AddField("assessed", "document", models.BinaryField(default=b""), preserve_default=False),
    ]
