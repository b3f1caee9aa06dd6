"""A dashboard by mail, for oneself."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from analytics.forms.boards import MailForm
from analytics.models import DashboardMail
from analytics.selectors.boards.finding import NoSuchBoard, board_of
from analytics.services.board_mail import order_mail
from analytics.views.boards.pages import READ


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def mail_board(request: SignedInRequest, board: str) -> HttpResponse:
    try:
        found = board_of(request.user, board)
    except NoSuchBoard as gone:
        raise Http404 from gone
    order = DashboardMail.objects.filter(board=board, user=request.user).first()
    form = MailForm(request.POST or None, initial={"rhythm": order.rhythm if order else ""})
    if request.method == "POST" and form.is_valid():
        order_mail(board, user=request.user, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, _("Saved."))
        return redirect(found.url)
    context = {"board": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "analytics/boards/mail.html", context, status=status)
