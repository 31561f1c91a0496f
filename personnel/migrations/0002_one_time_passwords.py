from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("personnel", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="password_is_one_time",
            field=models.BooleanField(default=False, verbose_name="One-time password"),
        ),
    ]
