"""Which values makefiles give their variables and where they use them; GNU make itself says what these come to."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.bindings import Binding, Use
from qcilint.languages.make_bindings import bindings

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="GNU make is not installed")


def bound(text: str, name: str) -> list[Binding]:
    return [binding for binding in bindings(text.encode()).bindings if binding.name == name]


def one(text: str, name: str) -> Binding:
    found = bound(text, name)
    assert len(found) == 1
    return found[0]


def values(text: str, binding: Binding) -> list[str]:
    return [text.encode()[slice(*value)].decode() for value in binding.values]


def uses(text: str, binding: Binding) -> list[tuple[str, str]]:
    return [(text.encode()[use.start : use.end].decode(), use.kind) for use in binding.uses]


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────

VALUES = {
    "V = a": ["a"],
    "V=a": ["a"],
    "V := a": ["a"],
    "V ::= a": ["a"],
    "V ?= a": ["a"],
    "V = a # c": ["a"],
    "V = a b  \t# c": ["a b"],
    "V = a\r\n": ["a"],
    '\tV = "a"': ["a"],
    "V = 'a'": ["a"],
    "V = 'a' 'b'": ["'a' 'b'"],
    'V = --x="a"': ['--x="a"'],
    "V = $(W)/a": ["$(W)/a"],
    "export V := a": ["a"],
    "override V = a": ["a"],
    "private V = a": ["a"],
    "V = a\nt: V = b": ["a", "b"],
    "V = a\nt: private V := b": ["a", "b"],
    "%.o: V = a": ["a"],
    "ifeq ($(X),y)\nV = a\nelse\nV = b\nendif": ["a", "b"],
    "ifdef X\n  V = a\nelse ifdef Y\n  V = b\nendif": ["a", "b"],
    "define V\na $(W)\nendef": ["a $(W)"],
    "define V =\na\nendef": ["a"],
    "override define V\na\nendef": ["a"],
    "X = $(or $(V),a)": ["a"],
    "X = $(or $(V), a )": ["a"],
    "X = $(if $(V),$(V),a,b)": ["a,b"],
    "V = a\nX = ${or ${V},b}": ["a", "b"],
    "# V = a\nV = b # V = c": ["b"],
    "t:\n\tV=a; echo $$V\nV = b": ["b"],
}


@pytest.mark.parametrize(("text", "expected"), VALUES.items(), ids=list(VALUES))
def test_values(text: str, expected: list[str]) -> None:
    binding = one(text, "V")
    assert values(text, binding) == expected
    assert binding.barred == ""


BARRED = {
    "V = a\nV += b": "line 2 adds to it",
    "V = a\nt: V += b": "line 2 adds to it",
    "V = a\nV != echo b": "line 2 sets it to the output of a command",
    "V :::= a": "line 1 sets it with :::=",
    "define V +=\na\nendef": "line 2 adds to it",
    "V = $(shell echo a)": "line 1 sets it to the result of $(shell …)",
    "V = a/$(notdir $(X))": "line 1 sets it to the result of $(notdir …)",
    "V = $(call f,a)": "line 1 sets it to the result of $(call …)",
    "V = $(or $(X),a,b)": "line 1 sets it to the result of $(or …)",
    "V = $(X:a=b)": "line 1 sets it to text that rests on $(X:a=b)",
    "V = $($(X))/a": "line 1 may use it by a computed name",
    "V = $(X_$(Y))/a": "line 1 sets it to text that rests on $(X_$(Y))",
    "V = $@/a": "line 1 sets it to text with $@",
    "V = $(@D)/a": "line 1 sets it to text with $(@D)",
    "V = $$X/a": "line 1 sets it to text with `$$`",
    "V = a\\#b": "line 1 sets it to text with a backslash",
    "V = a \\\n  b": "line 1 sets it to text that goes on over several lines",
    "V = a\nV =": "line 2 sets it to nothing",
    "V = a\nV := # c": "line 2 sets it to nothing",
    "V = a\nundefine V": "line 2 sets it to nothing",
    "V = a\noverride undefine V": "line 2 sets it to nothing",
    "V = a\ndefine V\nb\nc\nendef": "line 3 defines it over several lines",
    "V := a\nV := $(V)/b": "line 2 builds on its own value",
    "V := a\n$(X)V = b": "line 2 may set it by a computed name",
    "V = a\n$(eval V := b)": "line 2 sets it through $(eval …)",
    "V = a\nt:\n\t$(eval V = b)": "line 3 sets it through $(eval …)",
    "V = a\nT = V := b\n$(eval $(T))": "line 2 sets it through $(eval …)",
    "V = a\ndefine T\nx: V := $(1)\nendef\n$(eval $(call T,b))": "line 3 sets it through $(eval …)",
    "V = a\ndefine T\nexport V = $(1)\nendef\n$(eval $(call T,b))": "line 3 sets it through $(eval …)",
    "V = a\n$(eval define V)": "line 2 sets it through $(eval …)",
    "V = a\n$(eval $(X)V = b)": "line 2 may set it by a computed name through $(eval …)",
    "V = a\nX = $($(Y))": "line 2 may use it by a computed name",
    "V = a\nX = $($Y)": "line 2 may use it by a computed name",
    "A_V = a\nX = $($(Y)_V)": "line 2 may use it by a computed name",
    "V_A = a\nX = ${V_$(Y):b=c}": "line 2 may use it by a computed name",
    "V = a\nX = $(value $(Y))": "line 2 may use it by a computed name",
    "V = a\nX = $(call $(Y),b)": "line 2 may use it by a computed name",
    "V_A = a\ndefine T\n$$(V_$(1))\nendef": "line 3 may use it by a computed name",
    "V = a\n$(let V W,b c,$(V))": "line 2 binds it with $(let …)",
    "V = a\nt:\n\t$(MAKE) u V=b": "line 3 sets it for another make",
    "V = a\nt:\n\tcd x && V='$(V)b' make": "line 3 sets it for another make",
    "V = a\nMAKEFLAGS += V=b": "line 2 sets it for another make",
    "V = a\nt:\n\techo\nexport X\n\tV = b": "line 5 sets it, or is a command of a recipe",
    "V = a\nX = " + "$(if " * 50: "line 2 nests expansions too deep to be told apart",
    "V = a\n" + "".join(f"X = $(a{n}_$(Y))\n" for n in range(60)): "too many names are computed",
}


@pytest.mark.parametrize(("text", "reason"), BARRED.items(), ids=[text[:60] for text in BARRED])
def test_values_that_cannot_be_read_off(text: str, reason: str) -> None:
    name = re.search(r"[VA]_[VA]|V", text)
    assert name is not None
    binding = one(text, name[0])
    assert binding.barred == reason


def test_a_name_without_a_value_is_left_out() -> None:
    assert bindings(b"V =\nX = $(W)$(Y:a=b)\ndefine T\na\nb\nendef\n").bindings[0].name == "X"


NOT_BARRED = (
    "V = a\nX = $($(Y)_W)",
    "V = a\nX = $(W$(Y))",
    "V = a\nt:\n\tv=$$($(GO) version)",
    "V = a\nt:\n\t$(MAKE) u V=$(V) W=b",
    'V = a\nt:\n\t$(MAKE) u V="${V}"',
    "V = a\nt:\n\tdocker build --build-arg V=b .",
    "V = a\nT = V := b",
    "V = a\nt:\n\techo\nifdef X\nendif\n\tV = b",
    "V = a\n# undefine V",
    "V = a\nundefine VV",
)


@pytest.mark.parametrize("text", NOT_BARRED)
def test_what_does_not_bar(text: str) -> None:
    assert one(text, "V").barred == ""


# ── caveats ──────────────────────────────────────────────────────────────────────────────────────────────────────

CAVEATS = {
    "V = a": "`make V=…` may override it",
    "V := a": "`make V=…` may override it",
    "t: V = a": "`make V=…` may override it",
    "V ?= a": "the environment or the command line may override it",
    "override V = a": "",
    "override define V\na\nendef": "",
    "override private V = a": "private on line 1: not every recipe sees it",
    "override V = a\nexport V": "exported: other programs may use it",
    "export override V = a": "exported: other programs may use it",
    "override V = a\nexport": "exported: other programs may use it",
    "override V = a\nexport # all": "exported: other programs may use it",
    "override V = a\nexport $(X)": "exported: other programs may use it",
    "override V = a\n.EXPORT_ALL_VARIABLES:": "exported: other programs may use it",
    "override V = a\nexport W\nunexport V": "",
    "override V.W = a\nexport": "",
    "override V = a\ninclude x.mk": "an included makefile may use it",
    "-include x.mk\noverride V = a": "an included makefile may use it",
    "override V = a\n  sinclude $(X)": "an included makefile may use it",
    "override V = a\n# include x.mk": "",
    "override V = a\n$(eval $(call f,x))": "$(eval …) may use it or set it",
    "override V = a\nT = include x\n$(eval $(T))": "$(eval …) may use it or set it; an included makefile may use it",
    "override V = 'a'": "quotes are a part of its value on line 1",
    "override V = a # c": "a blank follows its value on line 1",
    "override V = a# c": "",
    "X = $(or $(V),a)": "the environment or the command line may set it",
}


@pytest.mark.parametrize(("text", "caveat"), CAVEATS.items(), ids=list(CAVEATS))
def test_caveats(text: str, caveat: str) -> None:
    name = re.search(r"V(\.W)?", text)
    assert name is not None
    assert one(text, name[0]).caveat == caveat


# ── uses ─────────────────────────────────────────────────────────────────────────────────────────────────────────

USES = {
    "X = $(V)": [("$(V)", "plain")],
    "X = ${V}/b": [("${V}", "plain")],
    "X = $V/b": [("$V", "plain")],
    "X = $VV": [("$V", "plain")],
    "X = $(VV) $(V.) $(v)": [],
    "X = $(V )": [("$(V )", "other")],
    "X = $(V": [("$(V", "other")],
    "X != podman pull $(V)": [("$(V)", "plain")],
    "export X = $(V)": [("$(V)", "plain")],
    "t: X = $(V)": [("$(V)", "plain")],
    "t:\n\tpodman pull $(V)/x ${V}": [("$(V)", "plain"), ("${V}", "plain")],
    "t: ; podman pull $(V)": [("$(V)", "plain")],
    "t:\n\tpodman pull '$(V)' # $(V)": [("$(V)", "plain")],
    "t:\n\tFROM=$(V) x": [("$(V)", "plain")],
    "define X\npodman pull $(V)\n\techo $(V)\nendef": [("$(V)", "plain"), ("$(V)", "plain")],
    "# $(V)\nX = b # $(V)": [],
    "$(info $(V))": [("$(V)", "plain")],
    "$(call f,$(V)/x)": [("$(V)", "plain")],
    "$(eval $(call f,$(V)))": [("$(V)", "plain")],
    "X = $(shell podman pull $(V))": [("$(V)", "plain")],
    "X = $(foreach i,b c,$(V)/$(i))": [("$(V)", "plain")],
    "X = $(if $(Y),$(V),b)": [("$(V)", "plain")],
    "X = $(or $(Y),$(V))": [("$(V)", "plain")],
    "X = $(or $(V),b)": [("$(or $(V),b)", "plain")],
    "X = $(if ${V},$(V),b)": [("$(if ${V},$(V),b)", "plain")],
    "X = $(strip $(V))": [("$(strip $(V))", "plain")],
    "X = $(and $(Y),$(V))": [("$(V)", "plain")],
    # taken apart, or matched against
    "X = $(V:b=c)": [("$(V:b=c)", "apart")],
    "X = ${V:%=c}": [("${V:%=c}", "apart")],
    "X = $(Y:$(V)=c)": [("$(V)", "apart")],
    "X = $(subst /,_,$(V))": [("$(V)", "apart")],
    "X = $(subst $(V),x,$(Y))": [("$(V)", "apart")],
    "X = $(lastword $(subst :, ,$(V)))": [("$(V)", "apart")],
    "X = $(notdir $(V))": [("$(V)", "apart")],
    "X = $(filter $(V),b)": [("$(V)", "apart")],
    "X = $(findstring b,$(V))": [("$(V)", "apart")],
    "X = $(word 1,$(or $(V),b))": [("$(or $(V),b)", "apart")],
    "X = $(shell echo $(V) | cut -d: -f2)": [("$(V)", "apart")],
    "X = $(shell sed s,$(V),x,)": [("$(V)", "apart")],
    "X = $(if $(V),b)": [("$(V)", "apart")],
    "X = $(if $(V),$(V)/x,b)": [("$(V)", "apart"), ("$(V)", "plain")],
    "X = $(if $(V),$(V), b)": [("$(V)", "apart"), ("$(V)", "plain")],
    "X = $(and $(V),b)": [("$(V)", "apart")],
    "X = $(origin V) $(flavor V)": [("V", "apart"), ("V", "apart")],
    "ifeq ($(V),b)\nendif": [("$(V)", "apart")],
    "ifneq (,$(findstring b,$(V)))\nendif": [("$(V)", "apart")],
    "else ifeq '$(V)' 'b'": [("$(V)", "apart")],
    "ifdef V\nelse ifndef V\nendif": [("V", "apart"), ("V", "apart")],
    "t:\n\t[ $(V) = b ] && true": [("$(V)", "apart")],
    "t:\n\tcase $(V) in b) ;; esac": [("$(V)", "apart")],
    "t:\n\tgrep $(V) x": [("$(V)", "apart")],
    "t:\n\techo $(V) | tr a b": [("$(V)", "apart")],
    # not understood, or not followed
    "t: $(V)": [("$(V)", "other")],
    "$(V): b": [("$(V)", "other")],
    "$(V): X = b": [("$(V)", "other")],
    "$(V)_X = b": [("$(V)", "other")],
    "include $(V)": [("$(V)", "other")],
    "export $(V)": [("$(V)", "other")],
    "X = $(B_$(V))": [("$(V)", "other")],
    "X = $(call f_$(V),b)": [("$(V)", "other")],
    "X = $(call V,b)": [("V", "other")],
    "X = $(value V)": [("V", "other")],
    "X = $(call subst,b,c,$(V))": [("$(V)", "other")],
    "define X\n$(subst b,c,\n\techo $(V)\n)\nendef": [("$(V)", "other")],
    "X = $(sort $(V))": [("$(V)", "other")],
    "X = $(addprefix $(V)/,b c)": [("$(V)", "other")],
    "X = $(addprefix b,$(notdir $(V)))": [("$(V)", "other")],
    "X = $(unknown $(V))": [("$(V)", "other")],
    "$(eval X = $(V))": [("$(V)", "other")],
    "$(eval X = $$(V))": [("$$(V)", "other")],
    "define X\n$$(V) $${V}\nendef": [("$$(V)", "other"), ("$${V}", "other")],
    "define X\n$$(call V,b)\nendef": [("$$(call V", "other")],
    "t:\n\t$(MAKE) -C x V=$(V)": [("$(V)", "other")],
    "t:\n\tcd x && V=$(V) make": [("$(V)", "other")],
    "t:\n\t$(MAKE) X=$(V)/b:c; echo $(V)": [("$(V)", "other"), ("$(V)", "plain")],
    "t:\n\techo $$$(V)": [("$(V)", "other")],
    "t:\n\techo $${$(V)}": [("$(V)", "other")],
    "t:\n\tpodman run $(V) make": [("$(V)", "plain")],
    # the shell's own variables
    "t:\n\techo $$V": [("$$V", "other")],
    "t:\n\techo $${V:-b}": [("$${V", "other")],
    "t:\n\tV=b; echo $$V": [],
    "t:\n\tfor V in b c; do echo $$V; done": [],
    "t:\n\tread V; echo $${V}": [],
    "t:\n\techo $$V; V=b": [("$$V", "other")],
    "t:\n\tV=$(V); echo $$V": [("$(V)", "plain"), ("$$V", "other")],
    "t:\n\techo $$(V)": [],
    "export V\nt:\n\techo $$V '$$V' $${V}/x": [("$$V", "plain"), ("$$V", "other"), ("$${V}", "plain")],
    "export V\nt:\n\tV=b; echo $$V": [("$$V", "other")],
    "export V\nt:\n\techo $${V#b}": [("$${V", "other")],
    "export\nt:\n\techo $$V": [("$$V", "plain")],
    "export V\nX = $(shell echo $$V)": [("$$V", "other")],
}


@pytest.mark.parametrize(("text", "expected"), USES.items(), ids=list(USES))
def test_uses(text: str, expected: list[tuple[str, str]]) -> None:
    text = f"V = a\n{text}"
    assert uses(text, one(text, "V")) == expected


NOTES = {
    "X = $(V:b=c)": "taken apart with $(V:b=c)",
    "X = $(notdir $(V))": "taken apart with $(notdir …)",
    "X = $(filter b,$(V))": "matched against in $(filter …)",
    "X = $(if $(V),b)": "tested for being empty in $(if …)",
    "ifeq ($(V),b)\nendif": "compared in a condition",
    "ifdef V\nendif": "tested for being set",
    "t: $(V)": "names a target or a prerequisite",
    "X = $($(V)_b)": "a part of a computed name",
    "t:\n\t$(MAKE) V=$(V)": "passed to another make",
    "t:\n\techo $(V) | cut -d: -f2": "piped into `cut`",
    "t:\n\tgrep $(V) b": "matched against",
}


@pytest.mark.parametrize(("text", "note"), NOTES.items(), ids=list(NOTES))
def test_notes(text: str, note: str) -> None:
    assert one(f"V = a\n{text}", "V").uses[0].note == note


def test_uses_are_found_in_every_kind_of_line() -> None:
    text = "V = a\r\nifdef X\r\nY = $(V)\r\nelse\r\nt: $(V)\r\n\tpull $(V) \\\r\n\t$(V)\r\nendif\r\n"
    assert [kind for _, kind in uses(text, one(text, "V"))] == ["plain", "other", "plain", "plain"]


def test_another_recipe_prefix() -> None:
    text = ".RECIPEPREFIX = >\nV = a\nt:\n>echo $(V)\n"
    assert uses(text, one(text, "V")) == [("$(V)", "plain")]


# ── loops ────────────────────────────────────────────────────────────────────────────────────────────────────────

LOOPS = {
    "X = $(foreach i,b c,$(i))": ([["b", "c"]], [1]),
    "X = $(foreach i,b c,$i ${i})": ([["b", "c"]], [2]),
    "X = $(foreach i, b $(R)/c ,$(i))\nR = r": ([["$(R)/c", "b"]], [1]),
    "L = b c\nX = $(foreach i,$(L),$(i))": ([["b", "c"]], [1]),
    "L = b \\\n  c # d\nX = $(foreach i,$(L),$(i))": ([["b", "c"]], [1]),
    "L = b c\nM = d\nX = $(foreach i,$(L) e ${M},$(i))": ([["b", "c", "d", "e"]], [1]),
    "L = b\nL = c\nX = $(foreach i,$(L),$(i))": ([["b", "c"]], [1]),
    "X = $(foreach i,b,$(i)) $(foreach i,c,$(i)$(i))": ([["b"], ["c"]], [1, 2]),
    "L = b c\nX = $(foreach i,$(L),$(i)) $(foreach i,$(L),$(i))": ([["b", "c"]], [2]),
    "X = $(foreach i,b,$(foreach j,c,$(i)$(j)))": ([["b"]], [1]),
    "X = $(foreach i,b,$(foreach i,c,$(i))$(i))": ([["b"], ["c"]], [1, 1]),
    "X = $(foreach j,b,$(foreach i,$(j),$(i)))": ([["$(j)"]], [1]),
    "i = b\nX = $(foreach i,c,$(i))\nY = $(i)": ([["b", "c"]], [2]),
    "h = x$(i)\nX = $(foreach i,b c,$(h))": ([["b", "c"]], [1]),
    "X = $(foreach i,b,$(subst b,c,$(i)))": ([["b"]], [1]),
}


@pytest.mark.parametrize(("text", "expected"), LOOPS.items(), ids=list(LOOPS))
def test_loops(text: str, expected: tuple[list[list[str]], list[int]]) -> None:
    found = bound(text, "i")
    assert ([sorted(values(text, each)) for each in found], [len(each.uses) for each in found]) == expected
    assert all(each.barred == "" for each in found)


BARRED_LOOPS = {
    "L = b c\nX = $(foreach i,$(L),$(i)) $(L)": "line 2 uses the list L as a whole",
    "L = b c\nX = $(foreach i,$(L),$(i))\nifdef L\nendif": "line 3 uses the list L as a whole",
    "L = b c\nX = $(foreach i,$(L),$(i)) $(foreach j,$(L),$(j))": "line 2 loops over the same list by another name",
    "L = b\nL += c\nX = $(foreach i,$(L),$(i))": "it has the words of L: line 2 adds to it",
    'L = "b c"\nX = $(foreach i,$(L),$(i))': "it has the words of L: quotes are a part of them",
    "L = b 'c'\nX = $(foreach i,$(L),$(i))": "line 1 loops over a word with a quote",
    "L = b $(shell c)\nX = $(foreach i,$(L),$(i))": "line 1 loops over the result of $(shell …)",
    "L = b $(M)/x\nM = c d\nX = $(foreach i,$(L),$(i))": "line 1 loops over words of $(M)",
    "L = b $(M)/x\nM = c # d\nX = $(foreach i,$(L),$(i))": "line 1 loops over words of $(M)",
    "X = $(foreach i,$(sort $(L)),$(i))": "line 1 loops over the result of $(sort …)",
    "X = $(foreach i,b$$c,$(i))": "line 1 loops over text with `$$`",
    "X = $(foreach i,$(L),$(i))": "line 1 loops over $(L), which is set elsewhere",
    "X = $(foreach i,$(1),$(i))": "line 1 loops over $(1), which is set elsewhere",
    "X = $(foreach i,b,$(i))\nt:\n\techo $(i)": "line 3 uses it outside of its loop",
    "X = $(foreach i,b,$(i)$($(X)))": "line 1 may use it by a computed name",
    "X = $(foreach i,b,$(i))\n$(eval i = c)": "line 2 sets it through $(eval …)",
}


@pytest.mark.parametrize(("text", "reason"), BARRED_LOOPS.items(), ids=list(BARRED_LOOPS))
def test_loops_that_cannot_be_followed(text: str, reason: str) -> None:
    assert one(text, "i").barred == reason


def test_a_list_that_is_only_looped_over_is_its_words() -> None:
    text = "L ?= b c\nX = $(foreach i,$(L),$(i))"
    assert bound(text, "L") == []
    assert one(text, "i").caveat == "the environment or the command line may override it"


def test_a_list_that_is_used_as_a_whole_keeps_its_value() -> None:
    text = "L = b c\nX = $(foreach i,$(L),$(i)) $(L)"
    assert values(text, one(text, "L")) == ["b c"]
    assert uses(text, one(text, "L")) == [("$(L)", "other"), ("$(L)", "plain")]


def test_a_loop_in_a_variable_may_be_reached_from_elsewhere() -> None:
    assert one("h = x$(i)\nX = $(foreach i,b c,$(h))", "i").caveat == "line 1 uses it outside of its loop"


def test_a_name_in_a_loop_is_local() -> None:
    assert one("X = $(foreach i,b,$(i))\ninclude x.mk\nexport", "i").caveat == ""


# ── functions ────────────────────────────────────────────────────────────────────────────────────────────────────

CALLS = {
    "f = $(1)/x\nX = $(call f,b) $(call f,c)": ["b", "c"],
    "f = ${1}$1\n$(call f,b)": ["b"],
    "define f\nt-$(1):\n\tpull $(1)\nendef\n$(eval $(call f,b))\n$(eval $(call f,$(R)/c))": ["b", "$(R)/c"],
    "f = $(1)\nt:\n\t$(call f,b d)": ["b d"],
    "f = $(1)\ng = $(call f,$(1))\nX = $(call g,b)": ["$(1)"],
    "f = $(or $(1),c)\nX = $(call f,b)": ["c", "b"],
    "f = $(1)\nf = x$(1)\nX = $(call f,b,c)": ["b"],
}


@pytest.mark.parametrize(("text", "expected"), CALLS.items(), ids=list(CALLS))
def test_parameters(text: str, expected: list[str]) -> None:
    binding = bound(text, "1")[-1] if "g =" not in text else bound(text, "1")[0]
    assert (values(text, binding), binding.barred) == (expected, "")
    assert binding.caveat == "another makefile may call it"


BARRED_CALLS = {
    "f = $(1)\nX = $(call f,b)$(f)": "line 2 uses f without $(call …)",
    "f = $(1)\nX = $(call f,b)\nY = $(value f)": "line 3 uses f without $(call …)",
    "f = $(1)\nX = $(call f,b)\ndefine T\n$$(call f,$$(x))\nendef": "line 4 uses f without $(call …)",
    "f := $(1)\nX = $(call f,b)": "f is not simply defined",
    "f = $(1)\nX = $(call f,b) $(call f)": "line 2 leaves it empty",
    "f = $(1)\nX = $(call f,b) $(call f,,c)": "line 2 leaves it empty",
    "f = $(1)\nX = $(call f, b)": "line 2 puts a blank beside it",
    "f = $(1)\nX = $(call f,$(notdir b))": "line 2 sets it to the result of $(notdir …)",
    "f = $(1)\nX = $(notdir $(call f,b))": "line 2 changes what f gives",
    "f = $(1)\nt: $(call f,b)": "line 2 changes what f gives",
    "f = $(1)$(call f,$(1)x)\nX = $(call f,b)": "line 1 calls f from itself",
    "f = $(1)\nX = $(call f,b) $(call $(Y),c)": "line 2 may use it by a computed name",
    "f = $(1)\nw = $(1)\ng = $(1)$(w)\nX = $(call g,b) $(call f,c)": "line 3 uses a function without $(call …)",
    "f = $(1)\ndefine g\n$(notdir\n\t$(call f,b)\n)\nendef": "line 4 changes what f gives",
    "f = $(1)\nX = $(call f,b)\n$(eval f = x$$(1))": "line 3 sets it through $(eval …)",
}


@pytest.mark.parametrize(("text", "reason"), BARRED_CALLS.items(), ids=list(BARRED_CALLS))
def test_parameters_that_cannot_be_followed(text: str, reason: str) -> None:
    assert bound(text, "1")[0].barred == reason


def test_each_function_has_its_own_parameters() -> None:
    text = "f = a$(1)\ng = b$(1)$(2)\nX = $(call f,c) $(call g,d,e)"
    assert [values(text, each) for each in bound(text, "1")] == [["c"], ["d"]]
    assert values(text, one(text, "2")) == ["e"]


def test_a_function_of_another_makefile_binds_nothing() -> None:
    assert bound("X = $(call f,b)", "1") == []


# ── any text ─────────────────────────────────────────────────────────────────────────────────────────────────────

FRAGMENTS = (
    *(
        "V",
        "W",
        "L",
        "i",
        "f",
        "a",
        " ",
        "\n",
        "\n\t",
        "\\\n",
        "\\",
        "#",
        "$",
        "$$",
        "$(",
        "${",
        ")",
        "}",
        ",",
        ":",
        "=",
        "'",
        '"',
    ),
    *(
        "$(V)",
        "${V:",
        "$V",
        "$$V",
        "$1",
        "$(1)",
        "$(L)",
        "$(call f,",
        "$(foreach i,$(L),",
        "$(foreach i,",
        "$(or $(V),",
        "$(eval ",
    ),
    *(
        "$(if $(V),$(V),",
        "$(strip $(V))",
        "$(subst a,",
        "$($(",
        "$(value ",
        "$(shell ",
        "V = ",
        "L := ",
        "f = ",
        "i ?= ",
        "V += ",
    ),
    *(
        "t:\n\t",
        "t: V = ",
        "define f\n",
        "\nendef\n",
        "ifeq ($(V),",
        "ifdef V\n",
        "export ",
        "undefine V",
        "include ",
        "$(MAKE) V=",
    ),
    *("\r\n", "\xff", ".ONESHELL:\n", ".RECIPEPREFIX = >\n>", "for V in ", "read V", "| cut ", "\ufeff", "$(i)", "$(let V,"),
)
RUNS = re.compile(rb"\$\$?[({]?")


def check_form(data: bytes) -> None:
    taken: set[tuple[int, int]] = set()
    for binding in bindings(data).bindings:
        assert binding.values
        for start, end in binding.values:
            assert 0 <= start < end <= len(data)
        for use in binding.uses:
            check_use(data, binding, use)
            assert (use.start, use.end) not in taken or use.kind != "plain"
            taken.add((use.start, use.end))


def check_use(data: bytes, binding: Binding, use: Use) -> None:
    assert 0 <= use.start < use.end <= len(data)
    written = data[use.start : use.end]
    assert binding.name in written.decode("utf-8", "replace")
    assert use.kind in ("plain", "apart", "other")
    assert bool(use.note) == (use.kind != "plain")
    if use.kind == "plain":
        opened = RUNS.match(written)
        assert opened is not None
        assert not opened[0].endswith((b"(", b"{")) or written.endswith((b")", b"}"))


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40))
def test_it_never_fails(pieces: list[str]) -> None:
    check_form("".join(pieces).encode("utf-8"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_it_takes_any_bytes(data: bytes) -> None:
    check_form(data)


@pytest.mark.parametrize(
    "text",
    ["V = $(V" * 20_000, "$(foreach i," * 5_000, "V = $(W)\nW = $(V)\n" * 2_000 + "$(foreach i,$(V),$(i))", "$" * 100_000],
    ids=["open", "loops", "circle", "dollars"],
)
def test_much_of_the_same(text: str) -> None:
    check_form(text.encode())


# ── what GNU make does ───────────────────────────────────────────────────────────────────────────────────────────


def make(text: bytes) -> tuple[int, bytes]:
    """The status and the output of a makefile, whose recipes must be harmless."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    command = ["make", "--no-print-directory", "-f", "-", "all"]
    done = subprocess.run(command, input=text, capture_output=True, env=environment, timeout=60)
    return done.returncode, done.stdout


def readings(data: bytes, span: tuple[int, int], found: dict[tuple[int, int], Binding], depth: int = 0) -> set[bytes]:
    """Every text that a span may come to, by the bindings."""
    parts: list[set[bytes]] = []
    at = span[0]
    for use in sorted(use for use in found if span[0] <= use[0] and use[1] <= span[1]):
        if use[0] < at:
            continue
        parts.append({data[at : use[0]]})
        parts.append(set().union(*(readings(data, value, found, depth + 1) for value in found[use].values)))
        at = use[1]
    assert depth < 10
    return {b"".join(chosen) for chosen in product(*parts, [data[at : span[1]]])}


RESOLVED = {
    "V = a\n$(info [$(V)/x])": {"a/x"},
    "V ?= a# c\n$(info [$(V)])": {"a"},
    "V = r\nW := $(V)/a\n$(info [$(W):t])": {"r/a:t"},
    "W = $(V)/a\nV = r\n$(info [${W}:t])": {"r/a:t"},
    "V = r\noverride V := s\n$(info [$(V)])": {"r", "s"},
    "ifdef NONE\nV = a\nelse\nV = b\nendif\n$(info [$V])": {"a", "b"},
    "define V\na b\nendef\n$(info [$(V)])": {"a b"},
    "define V\n\nendef\nV ?= b\n$(info [b])": {"b"},
    "$(info [$(or $(V),d)/x])": {"d/x"},
    "$(info [$(or $(V), d )/x])": {"d/x"},
    "V = a\n$(info [$(or $(V),d)/x])": {"a/x", "d/x"},
    "V = a\n$(info [$(if $(V),$(V),d)/x])": {"a/x", "d/x"},
    "$(info [$(if $(V),$(V),d,e)/x])": {"d,e/x"},
    "V = a\n$(info [$(strip $(V))/x])": {"a/x"},
    "$(foreach i,a b,$(info [r/$(i)]))": {"r/a", "r/b"},
    "L = a \\\n b\nR = r\n$(foreach i,$(L) $(R)/c,$(info [$(R)/$(i)]))": {"r/a", "r/b", "r/r/c"},
    "$(foreach i,a b,$(foreach j,c $(i),$(info [$(i)-$(j)])))": {"a-c", "b-c", "a-a", "b-b", "a-b", "b-a"},
    "f = r/$(1):$(2)\n$(info [$(call f,a,b)])": {"$(call f,a,b)"},
    "define f\n$$(info [r/$(1)])\nendef\n$(eval $(call f,a))\n$(eval $(call f,b))": {"r/a", "r/b"},
    "define f\n$(info [$(1)/$(2)])\nendef\nt := $(call f,a,b)$(call f,c,d)": {"a/b", "c/d", "a/d", "c/b"},
    "V = a\nall:\n\t@echo '[$(V)]' # $(V)": {"a"},
    'export V = a\nall:\n\t@echo "[$$V/x]"': {"a/x"},
    "V = $(W)\nall: W = b\nall:\n\t@echo '[$(V)]'\nW = c": {"b", "c"},
}


@needs_make
@pytest.mark.parametrize(("text", "expected"), RESOLVED.items(), ids=list(RESOLVED))
def test_what_uses_come_to(text: str, expected: set[str]) -> None:
    """The texts between brackets, with the values in place, are those that make prints, and no more than listed."""
    data = f"{text}\nall:\n".encode() if "all:\n" not in text else f"{text}\n".encode()
    found = {(use.start, use.end): each for each in bindings(data).bindings for use in each.uses if use.kind == "plain"}
    shown = {match.span(1) for match in re.finditer(rb"\[(.*?)\]", data)}
    ours = set().union(*(readings(data, span, found) for span in shown))
    assert ours == {each.encode() for each in expected}
    printed = re.findall(rb"\[(.*?)\]", make(data)[1])
    assert printed
    if "$(call" not in "".join(expected):
        assert set(printed) <= ours


NAMES = ("V", "W", "L", "A_X", "i", "j", "f")
WORDS = ("v1", "v2", "w3", "V", "i")


class Maker:
    """Writes makefiles whose recipes only echo."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def name(self) -> str:
        return self.pick(*NAMES, "1", "2")

    def word(self) -> str:
        return self.pick(*WORDS)

    def expansion(self, depth: int) -> str:
        name = self.name()
        simple = self.pick(
            f"$({name})", f"${{{name}}}", f"$({name})", "$V", "$i", "$1", f"$$({name})", f"$${name}", f"$({name}:1=z)"
        )
        if depth > 2 or self.random.random() < 0.5:
            return simple
        a, b = self.text(depth + 1), self.text(depth + 1)
        loop = self.pick("i", "j", "V")
        return self.pick(
            *(f"$(or $({name}),{a})", f"$(if $({name}),$({name}),{a})", f"$(if {a},{b})", f"$(strip $({name}))"),
            *(f"$(foreach {loop},$(L),{a})", f"$(foreach {loop},{a},{b})", f"$(foreach {loop},$(L) v1,{a})"),
            *(f"$(call f,{a},{b})", f"$(call {name},{a})", f"$(subst 1,2,{a})", f"$(filter {a},{b})", f"$(origin {name})"),
            *(f"$(shell echo {a})", f"$(A_$({name}))", f"$(addprefix {a},{b})", f"$(eval W := {a})", "$(eval V = $$(W))"),
        )

    def text(self, depth: int = 0) -> str:
        pieces = [self.expansion(depth) if self.random.random() < 0.5 else self.word() for _ in range(self.random.randint(1, 3))]
        return "".join(piece + self.pick("", " ", "/", ":") for piece in pieces).strip()

    def line(self) -> str:
        name, value = self.pick(*NAMES), self.text()
        gap = self.pick(" ", " \\\n ")
        operator = self.pick("=", "=", ":=", ":=", "?=", "::=", "+=")
        return self.pick(
            *[f"{self.pick('', '', 'export ', 'override ')}{name} {operator} {value}{self.pick('', '', ' ', '# $(V)')}"] * 6,
            *(
                f"L = {self.word()}{gap}{self.word()}",
                f"f = x$(1){value}",
                f"define f\n{value}\n$(2)\nendef",
            ),
            *(
                f"all: {name} = {value}",
                f"$(info {value})",
                f"# $(V) {value}",
                f"export {self.pick(name, '')}",
                f"undefine {name}",
            ),
            *(f"$(foreach i,{self.pick('$(L)', value)},$(info {self.text()}))", f"h = x$(i)\n$(foreach i,{value},$(info $(h)))"),
            *(f"ifeq ($({name}),{self.word()})\nV = {value}\nelse\nW = {value}\nendif", f"ifdef {name}\nV := {value}\nendif"),
            *(f"T = {name} := {value}\n$(eval $(T))", f"define T\n{name} = $(1)$$(W)\nendef\n$(eval $(call T,{self.word()}))"),
            *(f"y:\n\t@echo\n{self.pick('$(info x)', 'export j', 'unexport j')}\n\t{name} = {value}",),
        )

    def recipe(self) -> str:
        text = self.text()
        forms = ("%s", "'%s'", '"%s"', "%s # $(V)", "%s | sed s/1/2/", "a; V=%s; echo $$V", "a; for i in %s; do echo $$i; done")
        return "\t@echo " + self.pick(*forms) % text

    def makefile(self) -> bytes:
        lines = [self.line() for _ in range(self.random.randint(1, 6))]
        lines += ["all:", *(self.recipe() for _ in range(self.random.randint(1, 3))), *self.more()]
        return "\n".join(lines).encode() + b"\n"

    def more(self) -> Iterator[str]:
        for _ in range(self.random.randint(0, 2)):
            yield self.line()


def replaced(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The text with the outermost of these edits made."""
    parts, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= at:
            parts += [data[at:start], new]
            at = end
    return b"".join([*parts, data[at:]])


def reaches(data: bytes, binding: Binding) -> bool | None:
    """Whether the values of a name reach what make prints by other ways than its uses; None where make cannot tell."""
    used = [(use.start, use.end, b"USED") for use in binding.uses]
    if any(use[0] < end and start < use[1] for use in used for start, end in binding.values):
        return None
    if binding.name in ("i", "j") and any(b"$" in data[slice(*value)] for value in binding.values):
        return None  # the number of words counts
    first = make(replaced(data, used))
    second = make(replaced(data, [*used, *((*value, b"OTHER") for value in binding.values)]))
    if first[0] or second[0] or any(b"$(eval" in data[slice(*value)] for value in binding.values):
        return None
    return first[1] != second[1]


@needs_make
def test_no_mention_is_missed() -> None:
    """With every use replaced by a fixed text, make prints the same whatever the values are."""
    told = 0
    for seed in range(160):
        data = Maker(seed).makefile()
        for binding in bindings(data).bindings:
            if not binding.barred:
                reached = reaches(data, binding)
                assert not reached, (data.decode(), binding)
                told += reached is not None
    assert told > 60


@needs_make
def test_a_missed_mention_would_show() -> None:
    data = b"V = a\nall:\n\t@echo $(V) $(notdir $(V))\n"
    whole = bindings(data).bindings[0]
    assert reaches(data, whole) is False
    assert reaches(data, Binding("V", whole.values, whole.uses[:1])) is True
