"""The kinds of zones, rooms and equipment that the registers know (domain: S0, S1, S2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ZoneKind(models.TextChoices):
    SERVICE = "service", _("Service zone")
    CASE_HANDLING = "case_handling", _("Case-handling zone")
    OFFICE = "office", _("Office zone")
    LIVING = "living", _("Living zone")


class RoomKind(models.TextChoices):
    HOUSEHOLD = "household", _("Household registration room")
    PETITION = "petition", _("Petition reception room")
    MEDIATION = "mediation", _("Dispute mediation room")
    DUTY_110 = "duty_110", _("110 duty room")
    INFO_COLLECTION = "info_collection", _("Information collection room")
    INTERROGATION = "interrogation", _("Interrogation room")
    INTERVIEW = "interview", _("Interview room")
    IDENTIFICATION = "identification", _("Identification room")
    WAITING = "waiting", _("Waiting room")
    BODY_SEARCH = "body_search", _("Body search room")
    OFFICE = "office", _("Officers' office")
    MEETING = "meeting", _("Meeting room")
    ARMOURY = "armoury", _("Equipment store")
    ARCHIVE = "archive", _("Law-enforcement archive room")
    COMMAND = "command", _("Command room")
    DORMITORY = "dormitory", _("Dormitory")
    RECREATION = "recreation", _("Recreation room")
    LAUNDRY = "laundry", _("Laundry")
    BATHROOM = "bathroom", _("Bathroom")
    CANTEEN = "canteen", _("Canteen")


ROOMS_OF_ZONE = {
    ZoneKind.SERVICE: (RoomKind.HOUSEHOLD, RoomKind.PETITION, RoomKind.MEDIATION, RoomKind.DUTY_110),
    ZoneKind.CASE_HANDLING: (
        RoomKind.INFO_COLLECTION,
        RoomKind.INTERROGATION,
        RoomKind.INTERVIEW,
        RoomKind.IDENTIFICATION,
        RoomKind.WAITING,
        RoomKind.BODY_SEARCH,
    ),
    ZoneKind.OFFICE: (
        RoomKind.OFFICE,
        RoomKind.MEETING,
        RoomKind.ARMOURY,
        RoomKind.ARCHIVE,
        RoomKind.COMMAND,
    ),
    ZoneKind.LIVING: (
        RoomKind.DORMITORY,
        RoomKind.RECREATION,
        RoomKind.LAUNDRY,
        RoomKind.BATHROOM,
        RoomKind.CANTEEN,
    ),
}

# Video must cover all eight kinds (S0, A2.1).
VIDEO_ROOMS = (
    RoomKind.DUTY_110,
    RoomKind.WAITING,
    RoomKind.INTERVIEW,
    RoomKind.INTERROGATION,
    RoomKind.IDENTIFICATION,
    RoomKind.MEDIATION,
    RoomKind.HOUSEHOLD,
    RoomKind.PETITION,
)
CUSTODY_ROOMS = (RoomKind.INTERROGATION, RoomKind.WAITING)
QUESTIONING_ROOMS = (RoomKind.INTERROGATION, RoomKind.INTERVIEW)
FUNCTIONAL_ROOMS = (
    *ROOMS_OF_ZONE[ZoneKind.SERVICE],
    *ROOMS_OF_ZONE[ZoneKind.CASE_HANDLING],
    *ROOMS_OF_ZONE[ZoneKind.OFFICE],
)


class EquipmentKind(models.TextChoices):
    VEHICLE = "vehicle", _("Duty vehicle")
    PROTECTIVE = "protective", _("Protective set")
    KIT = "kit", _("Single-officer kit")
    TERMINAL = "terminal", _("Mobile police terminal")
    RECORDER = "recorder", _("Body recorder")
    DNA_KIT = "dna_kit", _("DNA blood kit")
    FINGERPRINT = "fingerprint", _("Live fingerprint scanner")
    SCENE_KIT = "scene_kit", _("Scene investigation kit")
    AV_KIT = "av_kit", _("Photo, video and audio equipment")
    FAX = "fax", _("Fax")
    PHONE = "phone", _("Telephone")
    SCANNER = "scanner", _("Scanner")
