from whitenoise.storage import CompressedManifestStaticFilesStorage

# `import … from "./other.js";` and `import "./other.js";`
_IMPORTS = (
    (
        r"""(?P<matched>import(?P<names>\s*\{[^}]*\})\s*from\s*["'](?P<url>\./.*?)["']\s*;)""",
        """import%(names)s from "%(url)s";""",
    ),
    (r"""(?P<matched>import\s*["'](?P<url>\./.*?)["']\s*;)""", """import "%(url)s";"""),
)


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files that do not insist on third-party source maps."""

    patterns = (
        # Wheels ship minified files that name a .map they do not ship.
        *(
            (
                extension,
                tuple(
                    rule
                    for rule in rules
                    if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])
                ),
            )
            for extension, rules in CompressedManifestStaticFilesStorage.patterns
        ),
        # Our scripts import one another by name, and the hashed names must follow; in other
        # people's bundles the word `import` means too many things.
        ("js/*.js", _IMPORTS),
    )
