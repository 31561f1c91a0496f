"""Rules of evidence: add, describe, turn, put in order, use again, remove."""

import hashlib

from hypothesis import strategies as st
from hypothesis.stateful import rule

from . import photos, station
from .bench import ANYBODY, CRITERION, PICK, SHEET, Bench
from .scene import COLOURS

COLOUR = st.sampled_from(COLOURS)
CAPTION = st.sampled_from(["大门。", "窗口。", ""])
WORDS = st.fixed_dictionaries(
    {},
    optional={
        "caption": CAPTION,
        "valid_until": st.sampled_from([*["2099-12-31", ""] * 4, "soon"]),
        "turns": st.sampled_from([*["1", "3", "0"] * 3, "4", ""]),
        "place": st.sampled_from([*["1", "2", "9"] * 3, "0", ""]),
    },
)


class Attaching(Bench):
    @rule(who=ANYBODY, at=SHEET, criterion=CRITERION, colour=COLOUR, caption=CAPTION)
    def adds_a_photo(self, who, at, criterion, colour, caption):
        at = self.where(at, "draft", "returned")
        sheet, name, photo = self.sheets[at], self.someone(who, *station.FILLING, at=at), self.scene.photos[colour]
        digest = hashlib.sha256(photo).hexdigest()
        self.asks(
            "add photo",
            name,
            lambda: photos.add(self.people[name], name, sheet, criterion, digest, caption),
            "assessments:evidence_add",
            self.scene.sheets[at],
            criterion,
            files=photo,
            caption=caption,
        )
        self.finds_photos(at)

    @rule(who=ANYBODY, at=SHEET, pick=PICK)
    def removes_a_photo(self, who, at, pick):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *station.FILLING, at=at)
        photo = sheet.photos[-1 - pick % len(sheet.photos)]
        self.asks(
            "remove photo",
            name,
            lambda: photos.remove(self.people[name], sheet, photo),
            "assessments:evidence_remove",
            photo.key,
        )

    @rule(who=ANYBODY, at=SHEET, pick=PICK, said=WORDS)
    def describes_a_photo(self, who, at, pick, said):
        """Any of its words: what it shows, how long it holds, how it is turned, where it stands."""
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *station.FILLING, at=at)
        photo = (sheet.present() or sheet.photos)[-1] if pick < 4 else sheet.photos[-pick % len(sheet.photos)]
        self.asks(
            "describe photo",
            name,
            lambda: photos.describe(self.people[name], sheet, photo, said),
            "assessments:evidence_change",
            photo.key,
            **said,
        )

    @rule(who=ANYBODY, at=SHEET, criterion=st.one_of(st.just("zones.service"), CRITERION))
    def uses_photos_again(self, who, at, criterion):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *station.FILLING, at=at)
        self.asks(
            "reuse photos",
            name,
            lambda: photos.reuse(self.people[name], name, sheet, criterion),
            "assessments:evidence_reuse",
            self.scene.sheets[at],
            criterion,
        )
        self.finds_photos(at)
