from django.db import migrations

CLASSES = (
    ("urban", "中心城区", "City centre"),
    ("county_town", "城关", "County town"),
    ("town", "建制镇", "Town"),
    ("rural", "农村牧区", "Rural and pastoral"),
    ("scenic", "景区", "Scenic area"),
)


def add(apps, schema_editor):
    model = apps.get_model("stations", "StationClass")
    model.objects.bulk_create(
        model(code=code, name=name, name_en=name_en, position=position)
        for position, (code, name, name_en) in enumerate(CLASSES)
    )


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
