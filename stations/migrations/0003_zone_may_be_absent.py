from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stations", "0002_station_classes")]
    operations = [
        migrations.AddField(
            model_name="functionalzone",
            name="is_present",
            field=models.BooleanField(
                default=True,
                help_text="No row at all means that nobody has said yet.",
                verbose_name="The station has this zone",
            ),
        ),
    ]
