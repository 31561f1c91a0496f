from dataclasses import dataclass, field
from functools import lru_cache

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.scoring import Standard


class Edition(models.Model):
    """A standard in use: its text and the digest of that text. A database trigger keeps published rows as they are."""

    code = models.SlugField(_("Code"), max_length=60)
    version = models.CharField(_("Version"), max_length=20)
    title = models.CharField(_("Title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    text = models.TextField()
    digest = models.CharField(_("Digest"), max_length=64, unique=True)
    published_at = models.DateTimeField(_("Published"), db_default=Now())

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="edition_version_once"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="edition_digest_is_sha256"),
        ]

    def __str__(self):
        return f"{self.title} {self.version}"

    @property
    def standard(self) -> Standard:
        """The compiled standard; read and compiled once per process for each text, which its digest names."""
        return _compiled(_Source(self.digest, self))


@dataclass(frozen=True)
class _Source:
    """Which text, and where to read it when it is not compiled yet: rows are fetched without their long texts."""

    digest: str
    edition: Edition = field(compare=False)


@lru_cache(maxsize=32)
def _compiled(source: _Source) -> Standard:
    return Standard.loads(source.edition.text, f"{source.edition.code}.toml")
