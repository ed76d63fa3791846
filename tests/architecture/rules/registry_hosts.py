"""No file names a package registry: which mirror serves a machine is the machine's own affair."""

import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

HOST = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|anaconda|rubygems|unpkg|jsdelivr|cdnjs)\.(?:org|com|net)|crates\.io"
    r"|deb\.debian\.org|archive\.ubuntu\.com|proxy\.golang\.org|ghcr\.io|docker\.io|quay\.io|cdnjs\.cloudflare\.com",
    re.I,
)
INDEX = re.compile(r"^\s*(?:--(?:extra-)?index-url|--find-links|-i\s+http|registry\s*=|(?:extra-)?index-url\s*=)", re.M)


def find(source: Source) -> Iterator[Violation]:
    patterns = [HOST] if source.suffix in {".py", ".md"} else [HOST, INDEX]
    for pattern in patterns:
        for match in pattern.finditer(source.text):
            yield Violation(source.path, source.line_of(match.start()), f"names a registry: {match[0].strip()}")


GOOD = (
    Source("README.md", "See https://www.djangoproject.com and https://www.postgresql.org"),
    Source(".npmrc", "omit-lockfile-registry-resolved=true\n"),
)
BAD = (
    Source("README.md", "https://pypi" + ".org/simple"),
    Source("package-lock.json", '"https://registry.npmjs' + '.org/a.tgz"'),
    Source("docs/install.md", "deb.debian" + ".org"),
    Source(".npmrc", "registry=https://mirror.example/\n"),
    Source("requirements/run.txt", "--index-url https://mirror.example/simple\n"),
)
