"""What a ci-operator configuration publishes: image stream tags, and the pullspecs of QCI for them.

Sources, all of openshift/ci-tools: `pkg/steps/release/promote.go` (`toPromote`, `PromotedTagsWithRequiredImages`, and `run`,
which publishes nothing at all, the build cache neither, where no image is to be promoted), `pkg/api/promotion.go`
(`QuayImageReference`, `ImageTargets`), `pkg/prowgen/prowgen.go` (the promotion job asks for `[images]` and for the source of
every additional image of every target, disabled ones too: that makes an optional image a required one), `pkg/api/metadata.go`
(`BuildCacheFor`). `tag_specification` and `releases` say what is tested with; they are no fallback for a promotion, whatever
the comment in `types.go` says. `operator.bundles`, RPMs and `raw_steps` are not promoted, except as additional images.
"""

from __future__ import annotations

from collections.abc import Iterator

from qcilint.ci_operator.config import Config, Image, Target
from qcilint.qci import PROXY, REPOSITORY, StreamTag, Unmappable, from_tag, is_stream_tag, round_trips, to_tag
from qcilint.records import dataclass, replace

COMMIT = "<commit>"
"""Stands for the hash of the commit in a tag by commit."""
ALL = "*"
"""Among the excluded images: all of them (`PromotionExcludeImageWildcard`)."""
_HASH = "0" * 40

PUBLISHED, EXCLUDED, DISABLED, OPTIONAL, ELSEWHERE, IMPOSSIBLE = (
    "published", "excluded", "disabled", "optional", "elsewhere", "impossible",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """One image of one target."""

    component: str
    """The name of the image, as published."""
    image: StreamTag
    source: str
    """The tag of the pipeline that it comes from."""
    origin: str
    """`image`, `additional`, `commit` (also tagged by commit) or `build-cache`."""
    line: int
    """Of the image in the file, from 1."""
    state: str = PUBLISHED
    reason: str = ""
    """Why it is not published."""
    pullspec: str = ""
    """Where to pull it; empty where it is not published in QCI."""
    note: str = ""


def images_of(config: Config) -> list[Published]:
    """Every image that a configuration could publish, in the order of the file; `state` says whether it does."""
    if config.promotion is None:
        return []
    targets = config.promotion.targets
    required = {extra.source for target in targets for extra in target.additional}
    found: list[Published] = []
    for target in targets:
        for each in _of_target(target, config.images, required):
            found.append(each)
            if target.tag_by_commit and each.state == PUBLISHED:
                image = StreamTag(target.namespace, each.component, COMMIT)
                found.append(replace(each, image=image, origin="commit"))
    found += _build_cache(config, found)
    return [_settled(each, config.promotion.registry_override) for each in found]


def _of_target(target: Target, images: tuple[Image, ...], required: set[str]) -> Iterator[Published]:
    additional = {extra.name for extra in target.additional}
    excluded = {each.name: each.line for each in target.excluded}
    for image in images:
        if image.to in additional:
            continue  # published under this name below, whatever it comes from
        each = Published(image.to, _tag(target, image.to), image.to, "image", image.line)
        if target.disabled:
            yield replace(each, state=DISABLED, reason=f"the promotion in line {target.line} is disabled")
        elif image.optional and image.to not in required:
            yield replace(each, state=OPTIONAL, reason="an optional image: built only where a job asks for it")
        elif image.to in excluded or ALL in excluded:
            line = excluded.get(image.to) or excluded[ALL]
            yield replace(each, state=EXCLUDED, reason=f"excluded_images, line {line}")
        else:
            yield each
    for extra in target.additional:
        each = Published(extra.name, _tag(target, extra.name), extra.source, "additional", extra.line)
        yield (
            replace(each, state=DISABLED, reason=f"the promotion in line {target.line} is disabled") if target.disabled else each
        )


def _tag(target: Target, component: str) -> StreamTag:
    if target.name:
        return StreamTag(target.namespace, target.name, component)
    return StreamTag(target.namespace, component, target.tag)


def _build_cache(config: Config, found: list[Published]) -> Iterator[Published]:
    """The binaries, which are kept as the build cache of the branch."""
    if config.build_cache is None or config.promotion is None or config.promotion.disable_build_cache:
        return
    of = config.metadata
    branch = f"{of.branch}-{of.variant}" if of.variant else of.branch
    image = StreamTag("build-cache", f"{of.org}-{of.repo}", branch)
    each = Published("bin", image, "bin", "build-cache", config.build_cache.line)
    if not (of.org and of.repo and of.branch):
        yield replace(each, state=IMPOSSIBLE, reason="no zz_generated_metadata: the branch is not known")
    elif not any(other.state == PUBLISHED for other in found):
        yield replace(each, state=DISABLED, reason="no image is published, so the build cache is not either")
    else:
        yield each


def _settled(each: Published, registry: str) -> Published:
    """With its pullspec, where it is published in QCI."""
    if each.state != PUBLISHED:
        return each
    if registry:
        return replace(each, state=ELSEWHERE, reason=f"registry_override: it goes to {registry}, not to QCI")
    real = each.image._replace(tag=each.image.tag.replace(COMMIT, _HASH)) if each.origin == "commit" else each.image
    try:
        tag = to_tag(real)
    except Unmappable as error:
        return replace(each, state=IMPOSSIBLE, reason=str(error))
    if not is_stream_tag(real):
        return replace(each, state=IMPOSSIBLE, reason=f"{real} is no valid image stream tag")
    note = ""
    if not round_trips(real):
        try:
            note = f"ci-operator reads {from_tag(tag)} in this pullspec"
        except Unmappable as error:
            note = f"ci-operator cannot read this pullspec: {error}"
    return replace(each, pullspec=f"{PROXY}/{REPOSITORY}:{'_'.join(each.image)}", note=note)
