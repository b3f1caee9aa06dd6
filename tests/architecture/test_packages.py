"""What is installed with the product: all of it used, none of it under a licence that binds it."""

import re
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions

from django.conf import settings

REQUIREMENTS = settings.BASE_DIR / "requirements"
# Found by others when they are there, never named in our code.
NAMED_NOWHERE = {"argon2-cffi": "Django's password hasher", "httptools": "uvicorn"}
NAMED_NOWHERE |= {"uvloop": "uvicorn", "uvicorn": "started by its command"}
# Under one of several licences, as we choose: Mozilla's for this one (inside WeasyPrint). SciPy is
# under BSD; the compiler's library in its wheels comes with the exception for what runs with it.
BY_CHOICE = {"pyphen": "MPL 1.1", "scipy": "BSD"}
OUR_CODE = ("accounts", "analytics", "config", "feedback", "surveys")


def names(file: str) -> list[str]:
    lines = (REQUIREMENTS / file).read_text().splitlines()
    return [found[0].lower() for line in lines if (found := re.match(r"[A-Za-z0-9_.-]+", line))]


def modules_by_package() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            found.setdefault(package.lower().replace("_", "-"), set()).add(module)
    return found


def test_every_package_that_we_ask_for_is_used():
    code = "\n".join(
        path.read_text() for app in OUR_CODE for path in (settings.BASE_DIR / app).rglob("*.py")
    )
    modules = modules_by_package()
    unused = [
        name
        for name in names("base.in")
        if name not in NAMED_NOWHERE
        and not any(re.search(rf"\b{re.escape(module)}\b", code) for module in modules[name])
    ]

    assert unused == []


def test_nothing_at_run_time_is_under_a_licence_that_binds_our_own_code():
    bound = []
    for name in set(names("base.txt") + names("semantic.txt") + names("topics.txt")) - set(
        BY_CHOICE
    ):
        try:
            about = distribution(name).metadata
        except PackageNotFoundError:  # for another system than this one, or an extra
            continue
        licences = [about.get("License-Expression") or about.get("License") or ""]
        licences += [one for one in about.get_all("Classifier") or [] if "License" in one]
        # The Lesser GPL (psycopg) asks for nothing of those who only import.
        said = " ".join(licences).replace("Lesser General Public", "").replace("LGPL", "")
        if re.search(r"GPL|General Public|Affero", said):
            bound.append(name)

    assert bound == []
