"""Documents and commands that know an image of other files by its name: to replace, to build or to allow it."""

from __future__ import annotations

from functools import lru_cache

from qcilint import lazy as re
from qcilint.records import NamedTuple
from qcilint.reference import Reference
from qcilint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:  # most files name no image of others
    from collections.abc import Collection
    from re import Pattern as Regex

MANIFEST = re.compile(r"\.(?:ya?ml|json|tmpl|tpl|in)\Z")
DOCKERFILE = re.compile(r"(?i)(?:docker|container)file[^/]*\Z")
PROXY = re.compile(rb"quay-proxy\.ci\.openshift\.org|\*\.(?:ci\.)?openshift\.org")
"""The new registry in a list of those that are allowed."""
_DOCUMENT = (".yaml", ".yml", ".json", "Kustomization")
_BUILDERS = re.compile(r"(?i)(?:.*/)?(?:skaffold[^/]*|devspace)\.ya?ml")
_LOOKUPS = (b"kbld.k14s.io", b"imgpkg.carvel.dev")
"""carvel.dev/kbld, "Config": `overrides`; imgpkg, "ImagesLock"."""
_POLICIES = (
    b"constraints.gatekeeper.sh", b"templates.gatekeeper.sh", b"kyverno.io/", b"policy.sigstore.dev",
    b"ValidatingAdmissionPolicy", b"allowedRegistries", b"kind: ClusterImagePolicy", b"kind: ImagePolicy",
)  # fmt: skip
"""What stands in a document that says which images a cluster may run."""
_OTHERS = re.compile(r"blocked|insecure|mirror|exclude|background")
_CONTEXT_BEFORE = re.compile(rb"(?:--build-context|additional_contexts|build-contexts)\b[\"']?[\s,:=|>-]*[\"']?\Z")
_CONTEXT_AFTER = re.compile(rb"=[\"']?(?:docker-image|container-image|oci-layout|target|service|https?|git)(?:://|:)")
_CONTEXT_VARIABLE = re.compile(
    rb"(?:--build-context[= ]|(?m:^)[ \t]*contexts\b[^}]{0,300}?)[\"'(]{0,2}\$?[({]?(\w+)[)}]?[\"')]{0,2}[ \t]*="
)
_KEY_AFTER = re.compile(rb"\"[ \t]*[=:][ \t]*\"")
_SET_IMAGE = re.compile(rb"\bedit[ \t]+set[ \t]+image[ \t]+(?:[^\s;&|]+[ \t]+)*[\"']?\Z")
_NAME = re.compile(rb"\bname[\"']?[ \t]*:[ \t]*[\"']?\Z")
_BUILT = re.compile(rb"\b(?:docker|custom|podman)_build\w*\(\s*(?:ref\s*=\s*)?[\"']\Z")
_TEST = re.compile(rb"[\"']op[\"']\s*:\s*[\"']test[\"']")


class Named(NamedTuple):
    """What a name of an image is compared with."""

    expression: str
    """For the references that it is the name of."""
    files: tuple[Regex[str], ...]
    """The files that these stand in."""
    exact: bool = False
    """The whole reference is compared, as it is written."""


class _Traits(NamedTuple):
    """What stands somewhere in a file."""

    is_lookup: bool
    sets_names: bool
    tests: bool
    is_policy: bool
    contexts: frozenset[bytes]
    """Variables that are names of build contexts."""


@lru_cache(2)
def _traits(data: bytes) -> _Traits:
    return _Traits(
        is_lookup=any(kind in data for kind in _LOOKUPS),
        sets_names=b"newTag" in data or b"newName" in data,
        tests=b"test" in data,
        is_policy=any(policy in data for policy in _POLICIES) and not PROXY.search(data),
        contexts=frozenset(match[1] for match in _CONTEXT_VARIABLE.finditer(data)) if b"context" in data else frozenset(),
    )


def named(source: Source, reference: Reference, names: Collection[str]) -> Named | None:
    """What a reference is the name of, to a tool that looks for it in other files; None where it is none."""
    path, data = source.repo_path, source.data
    base = path.rsplit("/", 1)[-1]
    if base.endswith(_DOCUMENT) and (policy := _policy(source, reference, names)):
        return policy
    if not reference.name or "composed" in names:
        return None
    if _is_context(data, reference, names, base):
        return Named(re.escape(reference.raw) + r"\Z", (DOCKERFILE,), exact=True)
    if _is_image(source, reference, names, base):
        tag = len(reference.tag.raw) + 1 if reference.tag and not reference.digest else 0
        return Named(re.escape(reference.raw[: len(reference.raw) - tag]) + r"(?:[:@]|\Z)", (MANIFEST,))
    if base.endswith(_DOCUMENT) and _is_tested(data, reference):
        return Named(re.escape(reference.raw) + r"\Z", (MANIFEST,))
    return None


def _is_image(source: Source, reference: Reference, names: Collection[str], base: str) -> bool:
    """Whether kustomize, Argo CD, Flux, kbld, Skaffold, DevSpace, Tilt or Compose replaces or builds images of this name."""
    data = source.data
    if base.endswith(_DOCUMENT):
        keys = [name[6:] for name in names if name.startswith("value:")]
        if any(key.endswith(("images.name", "imageTags.name", "imageTag.name")) for key in keys):
            return base.lower().startswith("kustomization") or _traits(data).sets_names
        if any(key.endswith(("kustomize.images", "image-list")) for key in keys) or _traits(data).is_lookup:
            return True
        if any(key.endswith(".image") for key in keys):
            return bool(_BUILDERS.fullmatch(base)) or ("compose" in base and has_sibling(data, reference.start, b"build"))
    before = data[max(reference.start - 200, 0) : reference.start]
    if base.lower().startswith("kustomization") and _NAME.search(before):
        return True
    return bool(_SET_IMAGE.search(before)) or (base == "Tiltfile" and bool(_BUILT.search(before)))


def _is_context(data: bytes, reference: Reference, names: Collection[str], base: str) -> bool:
    """Whether a reference is the name of a build context, which a build takes in the place of that image.

    docs.docker.com: `docker buildx build --build-context`, "Bake file reference" (`contexts`), "Compose Build Specification"
    (`additional_contexts`).
    """
    after = data[reference.end : reference.end + 40]
    if _CONTEXT_AFTER.match(after):
        return True
    if after[:1] in (b"=", b":") or after[:2] in (b'":', b"':"):
        return bool(_CONTEXT_BEFORE.search(data[max(reference.start - 80, 0) : reference.start]))
    if base.endswith(".hcl"):
        start = data.rfind(b"\n", max(reference.start - 300, 0), reference.start) + 1
        block = re.search(rb"variable[ \t]+\"(\w+)\"[^}]*\Z", data[max(start - 300, 0) : start])
        return bool(_KEY_AFTER.match(after)) or bool(block and block[1] in _traits(data).contexts)
    assigned = {name[11:].encode() for name in names if name.startswith("assignment:")}
    return bool(assigned) and not assigned.isdisjoint(_traits(data).contexts)


def _is_tested(data: bytes, reference: Reference) -> bool:
    """Whether a patch applies only where the value is this one (RFC 6902, section 4.6)."""
    if not _traits(data).tests:
        return False
    start = data.rfind(b"{", max(reference.start - 1000, 0), reference.start)
    stop = data.find(b"}", reference.end, reference.end + 1000)
    in_braces = start >= 0 and stop >= 0 and b"}" not in data[start : reference.start]
    return (in_braces and bool(_TEST.search(data, start, stop))) or has_sibling(data, reference.start, b"op", b"test")


def has_sibling(data: bytes, offset: int, key: bytes, value: bytes = b"") -> bool:
    """Whether the mapping that the line of byte `offset` is an entry of has another entry with this key, in block style."""
    begin = data.rfind(b"\n", max(offset - 2000, 0), offset) + 1
    column = _column(data[begin:offset])
    entry = re.compile(rb"[ \t-]*[\"']?%s[\"']?[ \t]*:[ \t]*[\"']?%s" % (key, value))
    for lines in (data[max(begin - 2000, 0) : begin].split(b"\n")[:-1][::-1], data[offset : offset + 2000].split(b"\n")[1:]):
        for line in lines:
            if line.strip() and _column(line) < column:
                break
            if _column(line) == column and entry.match(line):
                return True
            if line.lstrip().startswith(b"- ") and len(line) - len(line.lstrip()) < column:
                break
    return False


def _column(line: bytes) -> int:
    """Where the key of a line begins, after the dash of a list."""
    return len(line) - len(line.lstrip(b" \t-"))


def _policy(source: Source, reference: Reference, names: Collection[str]) -> Named | None:
    """A registry or an expression in a document that says which images may run; it is about the manifests beside it."""
    data = source.data
    if (reference.tag or reference.digest) and not reference.flaw:
        return None
    if not _traits(data).is_policy or any(_OTHERS.search(name) for name in names):
        return None
    folder = source.repo_path.rpartition("/")[0].partition("/")[0]
    return Named(re.escape(reference.host) + "/", (re.compile(rf"\A{re.escape(folder)}(?:\A|/).*{MANIFEST.pattern}"),))
