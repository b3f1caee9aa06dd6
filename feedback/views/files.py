"""How a stored file leaves us: never as something a browser would run."""

from django.http import FileResponse

from feedback.models import Attachment


def file_response(attachment: Attachment, *, as_download: bool = False) -> FileResponse:
    """Pictures of the raster kinds may show in the page; everything else is a download with a
    neutral type. Who may have the file was decided before."""
    inline = attachment.is_picture and not as_download
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=not inline,
        filename=attachment.name,
        content_type=attachment.content_type if inline else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
