"""Fields of ci-operator configurations and of the step registry: what they take, and what a fix makes of them."""

from __future__ import annotations

from . import Entry, left, safe, told, unsafe
from .uses import CONFIG

REFERENCE = "ci-operator/step-registry/o/r/o-r-{}.yaml"
DECIDES = "the step decides who pulls this"
TRIPLE = "into namespace, name and tag, without the registry"
NAMED = "ci-operator takes no pullspec here"


def config(text: str) -> str:
    """A configuration with more keys."""
    return f"base_images: {{}}\ntests: []\n{text}"


CI_OPERATOR: list[Entry] = [
    left("base image of a raw step", CONFIG, config("raw_steps:\n- input_image_tag_step:\n    base_image: {name: §/ocp/4.21, namespace: ocp, tag: cli}\n"), told(TRIPLE)),
    left("output of a raw step", CONFIG, config("raw_steps:\n- output_image_tag_step:\n    to: {name: §/ocp/4.21, tag: cli}\n"), told(TRIPLE)),
    left("build root of a repository", ".ci-operator.yaml", "build_root_image:\n  name: §/ocp/4.21\n  namespace: ocp\n  tag: cli\n", told(TRIPLE)),
    left("image of a step", REFERENCE.format("ref"), "ref:\n  as: x\n  from_image: {name: §/ocp/4.21, namespace: ocp, tag: cli}\n", told(TRIPLE)),
    left("image of an observer", REFERENCE.format("observer"), "observer:\n  name: x\n  from_image: {name: §/ocp/4.21, tag: cli}\n", told(TRIPLE)),
    left("image of a step of a chain", REFERENCE.format("chain"), "chain:\n  steps:\n  - from_image: {name: §/ocp/4.21, tag: cli}\n", told(TRIPLE)),
    left("promoted by a pullspec", CONFIG, config("promotion:\n  to:\n  - name: x\n    additional_images:\n      a: §/ocp/4.21:cli\n    excluded_images: [§/ocp/4.21:jq]\n"), told(NAMED), told(NAMED)),
    left("a pullspec as dependency", CONFIG, config("images: []\n").replace("[]\nimages", "\n- as: e2e\n  steps:\n    dependencies: {X: §/ocp/4.21:cli}\nimages"), told(NAMED)),
    left("a pullspec as dependency of a step", REFERENCE.format("ref"), "ref:\n  dependencies:\n  - {env: X, name: §/ocp/4.21:cli}\n", told(NAMED)),
    left("substitutions of an operator", CONFIG, config("operator:\n  substitutions:\n  - pullspec: §/ocp/4.21:cli\n    with: cli\n"), told("searches the manifests")),
    left("substitutions of a raw step", CONFIG, config("raw_steps:\n- bundle_source_step:\n    substitutions:\n    - pullspec: §/ocp/4.21:cli\n      with: cli\n"), told("searches the manifests")),
    left("parameter of a workflow", REFERENCE.format("workflow"), "workflow:\n  steps:\n    env:\n      IMAGE: §/ocp/4.21:cli\n", told(DECIDES)),
    left("override in a workflow", REFERENCE.format("workflow"), "workflow:\n  steps:\n    dependency_overrides:\n      IMAGE: §/ocp/4.21:cli\n", told(DECIDES)),
    left("parameter of a chain", REFERENCE.format("chain"), "chain:\n  env:\n  - name: IMAGE\n    default: §/ocp/4.21:cli\n", told(DECIDES)),
    safe("argument of an image", CONFIG, config("images:\n  items:\n  - build_args:\n    - {name: X, value: §/ocp/4.21:cli}\n    to: x\n"), config("images:\n  items:\n  - build_args:\n    - {name: X, value: ¤:ocp_4.21_cli}\n    to: x\n")),
    safe("argument of a build root", CONFIG, config("build_root:\n  project_image:\n    build_args:\n    - name: X\n      value: §/ocp/4.21:cli\n"), config("build_root:\n  project_image:\n    build_args:\n    - name: X\n      value: ¤:ocp_4.21_cli\n")),
    safe("argument of a raw step", CONFIG, config("raw_steps:\n- project_directory_image_build_step:\n    build_args:\n    - name: X\n      value: §/ocp/4.21:cli\n"), config("raw_steps:\n- project_directory_image_build_step:\n    build_args:\n    - name: X\n      value: ¤:ocp_4.21_cli\n")),
    unsafe("the values of a chart are none", "values.yaml", "images: {}\nresources: {}\nenv:\n  IMAGE: §/ocp/4.21:cli\n", "images: {}\nresources: {}\nenv:\n  IMAGE: ¤:ocp_4.21_cli\n", "nothing here shows who pulls"),
]  # fmt: skip
