"""The only home of jurisdiction: which places a person may see or change."""

from django.db import models
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet


class BureauQuerySet(MP_NodeQuerySet):
    def within(self, bureau):
        """The bureau itself and everything below it."""
        return self.filter(path__startswith=bureau.path)

    def visible_to(self, user):
        """Bureaus inside this user's jurisdiction; for a station's people the one bureau above them."""
        if user.station_id:
            return self.filter(pk=user.station.bureau_id)
        return self.within(user.bureau) if user.bureau_id else self.none()


class BureauManager(MP_NodeManager.from_queryset(BureauQuerySet)):
    def get_queryset(self):
        return BureauQuerySet(self.model, using=self._db).order_by("path")


class StationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def in_bureau(self, bureau):
        """Stations of the bureau and of every bureau below it."""
        return self.filter(bureau__path__startswith=bureau.path)

    def of_class(self, *codes):
        return self.filter(station_class__in=codes)

    def visible_to(self, user):
        """Own station for chief and clerk; the subtree for bureau staff; nothing without a place."""
        if user.station_id:
            return self.filter(pk=user.station_id)
        return self.in_bureau(user.bureau) if user.bureau_id else self.none()

    def registers_editable_by(self, user):
        """Stations whose registers this user keeps: the own one, for chief and clerk."""
        return self.filter(pk=user.station_id) if user.may("registers.edit") else self.none()

    def with_registers(self):
        """With everything that completeness.parts() reads: six queries more, however many stations."""
        return self.select_related("bureau", "station_class", "staffing").prefetch_related(
            "zones__rooms", "equipment", "funding", "trainings"
        )
