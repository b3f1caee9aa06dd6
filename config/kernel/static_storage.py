from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files that do not insist on third-party source maps."""

    # Wheels ship minified files that name a .map they do not ship.
    patterns = tuple(
        (
            extension,
            tuple(
                rule
                for rule in rules
                if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])
            ),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
