"""PDFs of issued reports."""

from django.core.files.base import ContentFile
from django.db import transaction

from analytics.models import ReportVersion


@transaction.atomic
def keep_pdf(version_id: int, made: ContentFile) -> ReportVersion | None:
    """Keep the file of a version; the first one stays. None when the version is gone."""
    version = ReportVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is not None and not version.file:
        version.file.save("", made, save=False)
        version.save(update_fields=["file"])
    return version
