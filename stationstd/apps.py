from django.apps import AppConfig
from django.core.checks import register


class StationStdConfig(AppConfig):
    name = "stationstd"

    def ready(self):
        from .checks import every_view_says_who_may

        register(every_view_says_who_may)
