"""How a stored file leaves us: never as something a browser would run."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from feedback.models import Attachment


def file_response(
    attachment: Attachment, *, name: str = "", as_download: bool = False
) -> HttpResponse:
    """Pictures of the raster kinds may show in the page; everything else is a download with a
    neutral type. Who may have the file was decided before. `name`: that it is given instead of
    its own."""
    inline = attachment.is_picture and not as_download
    # Read whole (20 MB at most): under ASGI a file response would be gathered in memory as well,
    # and Django warns about it each time.
    with attachment.file.open("rb") as file:
        response = HttpResponse(
            file.read(),
            content_type=attachment.content_type if inline else "application/octet-stream",
        )
    response["Content-Disposition"] = (
        content_disposition_header(not inline, name or attachment.name) or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
