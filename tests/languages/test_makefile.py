"""Where references stand in makefiles; what GNU make makes of the same text."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import makefile
from qcilint.languages.make_lexer import Makefile, recipe_parts
from qcilint.locate import Locator
from qcilint.view import View

HOSTS = ["registry.ci.openshift.org", "registry.svc.ci.openshift.org"]
OLD = "registry.ci.openshift.org/ocp/4.20:cli"
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="GNU make is not installed")


def make(option: str, text: bytes) -> bytes:
    """What GNU make prints for a makefile, whether or not the tests themselves run under make."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", option, "-f", "-", "all"]
    return subprocess.run(command, input=text, capture_output=True, check=True, env=environment).stdout


def contexts(text: str) -> list[Context]:
    data = text.replace("OLD", OLD).encode()
    return makefile.contexts(data, [(found.start, found.end) for found in Locator(HOSTS).locate(data)])


PLACES = {
    "A = OLD": ("assignment:A", "make", True),
    "A := OLD\n": ("assignment:A", "make", True),
    "A ::= OLD": ("assignment:A", "make", True),
    "A ?= OLD # c": ("assignment:A", "make", True),
    "A?=OLD": ("assignment:A", "make", True),
    "A += OLD": ("assignment:A", "make", True),
    'A = "OLD"': ("assignment:A", "make", True),
    "A = docker://OLD": ("assignment:A", "make", True),
    "export A = OLD": ("assignment:A", "make", True),
    "override private A = OLD": ("assignment:A", "make", True),
    "t: A := OLD": ("assignment:A", "make", True),
    "t: export A := OLD": ("assignment:A", "make", True),
    "%.o t: A = OLD": ("assignment:A", "make", True),
    "$(X)_IMAGE = OLD": ("assignment:$(X)_IMAGE", "make", True),
    "\tA = OLD": ("assignment:A", "make", True),
    "ifdef X\n  A = OLD\nendif": ("assignment:A", "make", True),
    "A = podman pull OLD": ("assignment:A", "make", False),
    "A = OLD,x": ("assignment:A", "make", False),
    "A = a\\#b OLD": ("assignment:A", "make", False),
    "A = $(or $(B),OLD)": ("assignment:A", "make", True),
    "A = $(if $(B),$(B),OLD)": ("assignment:A", "make", True),
    "A = $(foreach i,OLD,$(i))": ("assignment:A", "make", False),
    "define A\nOLD\nendef": ("assignment:A", "make", True),
    "define A =\nx # OLD\nendef": ("assignment:A", "make", False),
    "define A\n\tpodman pull OLD\nendef": ("command:pull", "shell", True),
    "define A\ndefine B\nendef\nOLD\nendef": ("assignment:A", "make", False),
    "A != podman run OLD": ("command:run", "shell", True),
    "A = $(shell podman run OLD)": ("command:run", "shell", True),
    "A = $(shell echo '#'; podman run OLD)": ("command:run", "shell", True),
    "# OLD": ("comment", "make", True),
    "A = b # OLD": ("comment", "make", True),
    "A = b \\\\# OLD": ("comment", "make", True),
    "# a \\\n OLD": ("comment", "make", True),
    "a: b # OLD": ("comment", "make", True),
    "ifeq ($(I),OLD)\nendif": ("pattern", "make", False),
    "ifneq (OLD,$(I))\nendif": ("pattern", "make", False),
    "else ifeq '$(I)' 'OLD'\nendif": ("pattern", "make", False),
    "A = $(I:%=OLD/%)": ("pattern", "make", False),
    "A = $(subst OLD,x,$(I))": ("pattern", "make", False),
    "A = $(patsubst x,OLD,$(I))": ("pattern", "make", False),
    "A = $(filter OLD,$(I))": ("pattern", "make", False),
    "A = $(filter-out OLD,$(I))": ("pattern", "make", False),
    "A = $(findstring OLD,$(I))": ("pattern", "make", False),
    "$(call build-image,cli,OLD,./x)": ("call:build-image", "make", True),
    "A = $(call f,OLD x)": ("call:f", "make", False),
    "$(eval $(call f,a,OLD))": ("call:f", "make", True),
    "a:\n\t$(call f,OLD)": ("call:f", "make", True),
    "$(info OLD)": ("text", "make", True),
    "a: OLD": ("text", "make", False),
    "a:\n\tpodman pull OLD": ("command:pull", "shell", True),
    "a: b ; podman pull OLD": ("command:pull", "shell", True),
    "a::\n\n# c\n\t@podman pull OLD": ("command:pull", "shell", True),
    "a:\n\t-@ podman pull OLD": ("command:pull", "shell", True),
    "a:\n\t+podman pull OLD": ("command:pull", "shell", True),
    "a:\n\t$(Q)podman pull OLD": ("command:pull", "shell", True),
    "a:\n\t$(CONTAINER_ENGINE) pull OLD": ("command:pull", "shell", True),
    "a:\n\t${DOCKER} pull OLD": ("command:pull", "shell", True),
    "a:\n\t$$DOCKER pull OLD": ("command:pull", "shell", True),
    "a:\n\tdocker run $(RUN_FLAGS) \\\n\t\t-v a:b \\\n\t\tOLD \\\n\t\tsh": ("command:run", "shell", True),
    "a:\n\tdocker run $(if $(TTY),-t) OLD": ("command:run", "shell", True),
    "a:\n\tdocker run -u $(shell id -u):$(shell id -g) OLD": ("command:run", "shell", True),
    "a:\n\tdocker run $< OLD": ("argument:docker", "shell", True),
    "a:\n\tdocker run $(IMAGE) OLD": ("argument:docker", "shell", True),
    "a:\n\tdocker push OLD": ("command:push", "shell", True),
    "a:\n\ttrue # OLD": ("comment", "shell", True),
    "a:\n\tpodman pull registry.ci.openshift.org/ocp/$(V):$$T": ("command:pull", "shell", True),
    "a:\n\tsed s,OLD,x, Dockerfile": ("pattern", "shell", False),
    "a:\n\tcat <<EOF \\\n\tFROM OLD \\\n\tEOF": ("argument:cat", "shell", True),
    "a:\n\tfor i in OLD; do docker pull $$i; done": ("command:pull", "shell", True),
    "a:\n\tfor i in OLD; do docker pull $i; done": ("loop:i", "shell", True),
    "a:\n\tfor i in OLD; do docker pull $(i); done": ("loop:i", "shell", True),
    "a:\n\t$(SUDO) podman pull OLD": ("command:pull", "shell", True),
    ".RECIPEPREFIX = >\na:\n>podman pull OLD": ("command:pull", "shell", True),
    ".ONESHELL:\na:\n\tcat > Dockerfile <<EOF\n\tFROM OLD\n\tEOF": ("from", "dockerfile", True),
    "a:\r\n\tpodman pull OLD\r\n": ("command:pull", "shell", True),
    "\ufeffA = OLD": ("assignment:A", "make", True),
}


@pytest.mark.parametrize(("text", "expected"), PLACES.items(), ids=list(PLACES))
def test_where_a_reference_stands(text: str, expected: tuple[str, str, bool]) -> None:
    context = contexts(text)[0]
    assert (context.where, context.language, context.whole) == expected


def test_a_recipe_is_named_by_its_labels() -> None:
    assert contexts("a:\n\tpodman pull OLD")[0].labels == ("recipe", "make")


def test_a_matcher_in_a_recipe_names_its_files() -> None:
    assert contexts("a:\n\tsed -e 's~OLD~x~' a.rhel7 b")[0].operands == ("a.rhel7", "b")


def test_a_reference_over_a_continuation_is_not_whole() -> None:
    context = contexts("A = registry.ci.openshift.org/ocp/\\\n 4.20:cli")[0]
    assert (context.where, context.whole) == ("assignment:A", False)


def test_an_assignment_ends_the_rule_before_it() -> None:
    assert [context.where for context in contexts("a:\n\tpodman pull OLD\nX = 1\n\tY = OLD")] == ["command:pull", "assignment:Y"]


@pytest.mark.parametrize(
    ("text", "remote"),
    [
        ("PODMAN = ssh core@n sudo podman\nt:\n\t$(PODMAN) pull OLD", True),
        ("PODMAN ?= ssh n podman\nt:\n\t@${PODMAN} run --rm \\\n\t  OLD", True),
        ("SSH = ssh n\nPODMAN = $(SSH) podman\nt:\n\t$(PODMAN) pull OLD", True),
        ("OC = oc debug node/x -- oc\nA = $(shell $(OC) image extract OLD)", True),
        ("PODMAN = podman\nt:\n\tssh n ls\n\t$(PODMAN) pull OLD", False),
        ("SSH = ssh n\nt:\n\t$(SSH) ls\n\tpodman pull OLD", False),
        ("KEY = ~/.ssh/id\nt:\n\tssh -i $(KEY) n; podman pull OLD", False),
    ],
)
def test_commands_that_run_elsewhere(text: str, remote: bool) -> None:
    context = contexts(text)[0]
    assert context.where in ("command:pull", "command:run", "command:extract")
    assert ("remote" in context.labels) is remote


VARIABLES = {
    "PODMAN = ssh n podman\nA = OLD\nt:\n\t$(PODMAN) pull $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)": {"only-pulled"},
    'A ?= OLD\nt:\n\t@podman run --rm "${A}" x\n\tdocker tag $(A) local': {"only-pulled"},
    "A ?= OLD\nifdef A\nendif\nt:\n\tpodman pull $(A) # $(A)": {"only-pulled"},
    "t: A = OLD\nt:\n\toc image extract $(A)": {"only-pulled"},
    "# include x\nA = OLD\nt:\n\tpodman pull $(A)": {"only-pulled"},
    "A = OLD\nB = $(X) $(if $(C),$(D))\nt:\n\tpodman pull $(A)": {"only-pulled"},
    "A = OLD\nt: # $($(X))\n\tv=$$($(GO) version); podman pull $(A)": {"only-pulled"},
    "A = OLD\nt:\n\tpodman pull $(A) --arch $$(uname -m) $$$$": {"only-pulled"},
    "export B = x\nA = OLD\nt:\n\t$(MAKE) u B=$(B)\n\tpodman pull $(A)": {"only-pulled"},
    "A = OLD\ninclude x.mk\nt:\n\tpodman pull $(A)": set(),
    "-include x.mk\nA = OLD\nt:\n\tpodman pull $(A)": set(),
    "  sinclude $(X)\nA = OLD\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\n$(eval include x.mk)\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo $($(X))": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo ${${X}_IMG}": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo $($*_IMG)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo $($@)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo $(IMG_$(X):a=b)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo $(value X)": set(),
    "A = OLD\n$(call $(F),x)\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\ndefine T\nx: ; echo $$($(1)_IMG)\nendef\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\n$(foreach v,$(.VARIABLES),$(info $v))\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\t$(MAKE) push A=x": set(),
    "A = OLD\nexport # all\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\n  export\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nexport $(NAMES)\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nB = x/$(A)\nt:\n\tpodman pull $(A)": set(),
    "A = OLD": set(),
    "A = OLD\nt:\n\tdocker inspect $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)\n\techo $(A)": set(),
    "A = OLD\nB = $(A)\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A)-x": set(),
    "A = OLD\nt: $(A)\n\tpodman pull $(A)": set(),
    "export A = OLD\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nexport A\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nexport\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\n.EXPORT_ALL_VARIABLES:\nt:\n\tpodman pull $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A) $$A": set(),
    "A = OLD\nt:\n\tpodman run x $(A)": set(),
    "A = OLD\nt:\n\tssh h podman pull $(A)": set(),
    "A = OLD\nt:\n\tpodman pull $(A) $(A:x=y)": {"taken-apart"},
    "A = OLD\nt:\n\tgrep $(A) Dockerfile": {"used-in-pattern"},
    "A = OLD\nB = $(subst x,y,$(A))": {"used-in-pattern"},
    "A = OLD\nt:\n\tdocker push $(A)": {"build-output"},
    "A = OLD\nt:\n\tdocker build -t $(A) .": {"build-output"},
    "A = OLD\n$(call build-image,x,$(A),.)": {"build-output"},
}


@pytest.mark.parametrize(("text", "labels"), VARIABLES.items(), ids=list(VARIABLES))
def test_what_becomes_of_a_variable(text: str, labels: set[str]) -> None:
    known = {"only-pulled", "taken-apart", "used-in-pattern", "build-output"}
    assert set(contexts(text)[0].labels) & known == labels


FRAGMENTS = (
    *(OLD, " ", "\n", "\n\t", "\\\n", "\\", "#", "$(", "${", "$$", "$(A)", "$(A:", "$(call f,", "$(shell ", ")", "}", ","),
    *("=", ":=", "!=", ";", ":", "A = ", "a:\n\t", "define A\n", "endef\n", "ifeq (", "export ", ".ONESHELL:\n", "\xff"),
    *("\r\n", "podman pull ", ".RECIPEPREFIX = >\n", "\n>", "'", '"', "@"),
)


@needs_make
@pytest.mark.parametrize(
    "text",
    [
        "A = a b",
        "A = a # c",
        "A = a\\#b",
        "A = a\\\\# c",
        "A = $(subst #,x,y#z) # c",
        "A ?= ${X:a=b} # c",
        "A = a: b",
        "A = b = c",
        "A = a;b # c",
        "A=${B}#c",
        "override A = x # y",
        "define A\nx # y\nz\nendef",
        "\tA = x",
        "ifdef NONE\nelse\n  A = x\nendif",
    ],
)
def test_values_are_those_of_make(text: str) -> None:
    """The value of A, comment and continuation apart, is the value that make has for it."""
    script = f"{text}\n$(info [$(value A)])\nall:;\n"
    out = make("-s", script.encode())
    value = out.split(b"\nmake:")[0].rstrip(b"\n")[1:-1]
    read = Makefile(text.encode())
    unit = next(unit for unit in read.units if unit.kind == "assignment")
    ours = text.encode()[unit.start : unit.end].replace(b"\\#", b"#").replace(b"\\\\", b"\\")
    assert ours.strip() == value.strip()


@needs_make
@pytest.mark.parametrize(
    "recipe",
    [
        "echo a $$X $${Y} '$$(z)'",
        "echo a \\\n\t  b \\\n\tc",
        "echo 'a \\\n\tb'",
        "echo a # b",
        "@-echo a",
        "echo $(V) ${V}",
        "echo a$Xb",
        "echo \\\\$$x \\$$",
    ],
)
def test_a_recipe_reaches_the_shell_as_make_sends_it(recipe: str) -> None:
    """`make -n` shows the recipe as the shell gets it; V is set to text of the form our view gives a variable."""
    text = f"V = $$(V)\nX = $$0\nall:\n\t{recipe}\n".encode()
    out = make("-n", text)
    read = Makefile(text)
    unit = next(unit for unit in read.units if unit.kind == "recipe")
    parts = recipe_parts(text, unit.start, unit.end, read.prefix, read.expansions(unit.start, unit.end))
    assert View.build(parts).text == out.rstrip(b"\n")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(FRAGMENTS),
        max_size=40,
    ),
)
def test_it_never_fails(pieces: list[str]) -> None:
    data = "".join(pieces).encode("latin-1")
    spans = [(found.start, found.end) for found in Locator(HOSTS).locate(data)]
    assert len(makefile.contexts(data, spans)) == len(spans)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=12, unique=True))
def test_it_takes_any_bytes_and_spans(data: bytes, offsets: list[int]) -> None:
    cuts = sorted(offset for offset in offsets if offset <= len(data))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert len(makefile.contexts(data, spans)) == len(spans)
