from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class Problem(StrEnum):
    """Why nothing came of it; the value is stored and told to programs."""

    ADDRESS = "address"
    SCHEME = "scheme"
    PORT = "port"
    NOT_PUBLIC = "not_public"
    NO_SUCH_HOST = "no_such_host"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_LARGE = "too_large"
    BROKEN = "broken"


SENTENCES = {
    Problem.ADDRESS: _("This is no web address that can be asked."),
    Problem.SCHEME: _("Only addresses with https:// are asked."),
    Problem.PORT: _("This port is not asked."),
    Problem.NOT_PUBLIC: _("This address leads into an internal network."),
    Problem.NO_SUCH_HOST: _("There is no machine of this name."),
    Problem.REFUSED: _("The machine takes no connection."),
    Problem.TIMEOUT: _("There was no answer in time."),
    Problem.TLS: _("Its certificate is not valid, or it speaks no safe TLS."),
    Problem.TOO_LARGE: _("The answer is too large."),
    Problem.BROKEN: _("The connection broke, or what came is no HTTP."),
}


class FetchFailed(DomainError):
    """Nothing was fetched; `problem` says why."""

    code = "fetch_failed"

    def __init__(self, problem: Problem) -> None:
        super().__init__(SENTENCES[problem])
        self.problem = problem
