"""What is set about the public page, with what to paste into other pages; and comments of
customers that wait for a look."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.enums import CommentState
from analytics.forms.publications import PublicPageForm
from analytics.models import PublicationComment
from analytics.models.publication import CHECK
from analytics.selectors.public_page import stored_page
from analytics.selectors.publication_check import Watcher
from analytics.selectors.publication_list import comments_seen
from analytics.services.public_page import save_public_page
from analytics.services.publication_comments import decide_comment
from analytics.views.listing import links
from config.kernel.http import toast
from config.kernel.paging import CappedPaginator

CHANGE = "analytics.change_publicpage"
A_PAGE = 25


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def public_page(request: SignedInRequest) -> HttpResponse:
    form = PublicPageForm(request.POST or None, instance=stored_page())
    if form.is_valid():
        try:
            save_public_page(form.save(commit=False))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            toast(request, _("Saved."))
            return redirect("analytics:public_page")
    context = {
        "form": form,
        "addresses": [
            (short, settings.SITE_URL + reverse("analytics:published_page", args=[short]))
            for short in ("zh", "en")
        ],
        "frames": [(short, _frame(short)) for short in ("zh", "en")],
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/publication/page.html", context, status=status)


def _frame(short: str) -> str:
    """What is pasted into a page of another site."""
    title = {"zh": "您说，我们做", "en": "You said, we did"}[short]
    address = settings.SITE_URL + reverse("analytics:published_embed", args=[short])
    return (
        f'<iframe src="{address}" title="{title}" loading="lazy" '
        'style="width:100%;height:40rem;border:0"></iframe>'
    )


@staff_with(CHECK)
@require_GET
def comments(request: SignedInRequest) -> HttpResponse:
    """?state=shown or hidden; usually those that wait, the oldest first."""
    state = request.GET.get("state", CommentState.WAITING)
    state = state if state in CommentState.values else CommentState.WAITING.value
    found = comments_seen(request.user, CommentState(state))
    order = "pk" if state == CommentState.WAITING else "-pk"
    rows = found.select_related("publication", "feedback", "decided_by").order_by(order)
    page = CappedPaginator(rows, A_PAGE).get_page(request.GET.get("page"))
    watchers: dict[int, Watcher] = {}
    shown = []
    for one in page:
        if one.publication_id not in watchers:
            watchers[one.publication_id] = Watcher(one.publication, commenters=True)
        shown.append((one, watchers[one.publication_id].covered(one.text)))
    context = {
        "page": page,
        "rows": shown,
        "state": state,
        "tabs": links("state", CommentState.choices, {"state": state}),
    }
    return render(request, "analytics/publication/comments.html", context)


@staff_with(CHECK)
@require_POST
def decide(request: SignedInRequest, comment: int) -> HttpResponse:
    """do=show or do=hide."""
    try:
        one = comments_seen(request.user).get(pk=comment)
    except (PublicationComment.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone
    show = request.POST.get("do") == "show"
    decide_comment(one.pk, by=request.user, show=show)
    toast(request, _("Everybody can read it now.") if show else _("It is not shown."))
    return redirect(f"{reverse('analytics:publication_comments')}?state={one.state}")
