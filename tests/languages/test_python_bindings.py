"""Python: which names have which values, where they are used, and what texts are put together."""

from __future__ import annotations

import ast
import io
import itertools
import os
import re
import symtable
import unicodedata
from contextlib import redirect_stdout, suppress
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.bindings import Binding, Bindings
from qcilint.languages import python_bindings
from qcilint.languages.python_bindings import bindings
from qcilint.view import Span
from tests.growth import assert_linear

HOST = "registry.ci.openshift.org"


def found(source: str | bytes) -> tuple[bytes, Bindings]:
    data = source.replace("HOST", HOST).encode() if isinstance(source, str) else source
    return data, bindings(data)


def only(source: str, name: str) -> Binding:
    _, result = found(source)
    (binding,) = [each for each in result.bindings if each.name == name]
    return binding


def values(source: str | bytes, name: str) -> list[str]:
    data, result = found(source)
    return sorted(data[start:end].decode() for each in result.bindings if each.name == name for start, end in each.values)


def uses(source: str, name: str) -> list[str]:
    """`text kind: note` of each use, in order."""
    data, result = found(source)
    return [text for each in result.bindings if each.name == name for text in described(data, each)]


def described(data: bytes, binding: Binding) -> list[str]:
    return [f"{data[use.start : use.end].decode()} {use.kind}{': ' * bool(use.note)}{use.note}" for use in binding.uses]


def joins(source: str) -> list[list[str]]:
    data, result = found(source)
    return [[data[start:end].decode() for start, end in join.pieces] for join in result.joins]


VALUES = [
    pytest.param('R = "a"', ["a"], id="assignment"),
    pytest.param('R = (\n    "a"\n)', ["a"], id="parentheses"),
    pytest.param('R: str = "a"', ["a"], id="annotated"),
    pytest.param('R: Final[str] = "a"', ["a"], id="annotated-subscript"),
    pytest.param('R = r"a\\d"', ["a\\d"], id="raw"),
    pytest.param('R = u"a"', ["a"], id="unicode-prefix"),
    pytest.param('R = """a\nb"""', ["a\nb"], id="lines"),
    pytest.param('if x:\n    R = "a"\nelse:\n    R = "b"', ["a", "b"], id="reassignment"),
    pytest.param('R = "a" if x else "b"', ["a", "b"], id="conditional"),
    pytest.param('R = "a" if x else ("b" if y else "c")', ["a", "b", "c"], id="conditional-nested"),
    pytest.param('S = "x"\nR = S or "b"', ["S", "b"], id="or"),
    pytest.param('S = "x"\nR = S', ["S"], id="other-name"),
    pytest.param('S = "x"\nR = str(S)', ["S"], id="str"),
    pytest.param('S = "x"\nR = f"{S}/y"', ["{S}/y"], id="f-string"),
    pytest.param('R = f"a/{x()}"', ["a/{x()}"], id="f-string-of-something"),
    pytest.param('R = "a/%s" % x', ["a/%s"], id="percent"),
    pytest.param('R = "a/{}".format(x)', ["a/{}"], id="format"),
    pytest.param('R = "a"\ndef f():\n    global R\n    R = "b"', ["a", "b"], id="global"),
    pytest.param('def f():\n    R = "a"\n    def g():\n        nonlocal R\n        R = "b"', ["a", "b"], id="nonlocal"),
    pytest.param('def f(R="a"):\n    pass', ["a"], id="default"),
    pytest.param('def f(x, /, R="a"):\n    pass', ["a"], id="default-after-slash"),
    pytest.param('def f(*, R="a"):\n    pass', ["a"], id="default-keyword-only"),
    pytest.param('g = lambda R="a": R', ["a"], id="default-lambda"),
    pytest.param('def f(R="a"):\n    pass\nf(R="b")', ["a", "b"], id="keyword-argument"),
    pytest.param('def f(x, R="a"):\n    pass\nf(1, "b")', ["a", "b"], id="positional-argument"),
    pytest.param('def f(R):\n    pass\nf("b")\nf(R="c")', ["b", "c"], id="arguments-without-default"),
    pytest.param('class C:\n    def f(self, R="a"):\n        self.f("b")', ["a", "b"], id="method-argument"),
    pytest.param('class C:\n    def __init__(self, R="a"):\n        pass\nC("b")', ["a", "b"], id="constructor-argument"),
    pytest.param(
        'class C:\n    def __init__(self, R="a"):\n        pass\nclass D(C):\n    pass\nD("b")', ["a", "b"], id="inherited"
    ),
    pytest.param('class C:\n    R = "a"\n    def f(self):\n        self.R = "b"\nC.R = "c"', ["a", "b", "c"], id="attribute"),
    pytest.param('for R in ["a", "b"]:\n    pass', ["a", "b"], id="loop"),
    pytest.param('for R in "a", "b":\n    pass', ["a", "b"], id="loop-bare-tuple"),
    pytest.param('for R in sorted({"a", "b"}):\n    pass', ["a", "b"], id="loop-sorted"),
    pytest.param('for R in "a  b\\nc".split():\n    pass'.replace("\\n", " "), ["a", "b", "c"], id="loop-words"),
    pytest.param('x = [R for R in ("a", "b")]', ["a", "b"], id="comprehension"),
    pytest.param('L = ["a", "b"]\nfor R in L:\n    pass', ["L"], id="loop-list"),
    pytest.param('L = ["a", "b"]\nfor R in sorted(L):\n    pass', ["L"], id="loop-sorted-list"),
    pytest.param('R = ["a", "b"]\nfor x in R:\n    pass', ["a", "b"], id="list"),
    pytest.param('R = [f"{x}/b" for x in y]\nfor z in R:\n    pass', ["{x}/b"], id="list-comprehension"),
    pytest.param('R = os.environ.get("X", "a")', ["a"], id="environ"),
    pytest.param('R = os.getenv("X", "a")', ["a"], id="getenv"),
    pytest.param('R = os.environ.get("X") or "a"', ["a"], id="environ-or"),
    pytest.param('R = os.getenv("X", default="a")', ["a"], id="getenv-keyword"),
    pytest.param('R = ""\nR = "a"', ["a"], id="empty"),
    pytest.param('R = None\nR = "a"', ["a"], id="none"),
    pytest.param('R = "é"', ["é"], id="not-ascii"),
]


@pytest.mark.parametrize(("source", "wanted"), VALUES)
def test_values(source: str, wanted: list[str]) -> None:
    assert values(source, "R") == wanted
    assert only(source, "R").barred == ""


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param('L = ["a"]\nx = L[0]', [], id="not-looped"),
        pytest.param("R = f()\nR = 1\nR = None", [], id="no-text"),
        pytest.param('R = b"a"', [], id="bytes"),
        pytest.param('R = "a\\x62"', [], id="escape"),
        pytest.param('R = "a" "b"', [], id="side-by-side"),
        pytest.param('R = S = "a"', [], id="several-targets"),
        pytest.param('R, S = "a", "b"', [], id="unpacked"),
        pytest.param('R = f"{{a"', [], id="doubled-brace"),
        pytest.param('R = "%%a%s" % x', [], id="doubled-percent"),
        pytest.param('R = "{{{}".format(x)', [], id="doubled-in-format"),
        pytest.param('R = """a\r\nb"""', [], id="crlf"),
        pytest.param("def f(L, S):\n    R = S", [], id="unknown-name"),
        pytest.param('d = {"R": "a"}', [], id="dictionary"),
    ],
)
def test_no_values(source: str, wanted: list[str]) -> None:
    assert values(source, "R") == wanted
    assert values(source, "L") == wanted


BARRED = [
    pytest.param("R = f()", "line 2 sets it to the result of a call", id="call"),
    pytest.param("R = x + 1", "line 2 sets it to a sum", id="sum"),
    pytest.param('R = "a\\n"', "line 2 sets it to a literal with escapes", id="escape"),
    pytest.param('R = b"a"', "line 2 sets it to a literal with escapes", id="bytes"),
    pytest.param('R = "a" + "b"', "line 2 sets it to a text put together from several pieces", id="pieces"),
    pytest.param('R += "a"', "line 2 adds to it", id="augmented"),
    pytest.param("R = 1", "line 2 sets it to a number", id="number"),
    pytest.param("R = x.y", "line 2 sets it to y, which this text does not show", id="attribute"),
    pytest.param("R = x", "line 2 sets it to x, which this text does not show", id="name"),
    pytest.param('R = x or "b"', "line 2 sets it to x, which this text does not show", id="or-name"),
    pytest.param('R = "b" if x else f()', "line 2 sets it to the result of a call", id="conditional"),
    pytest.param('R = x and "b"', "line 2 sets it to one of several values", id="and"),
    pytest.param('R = os.environ["X"]', "line 2 sets it to a part of another value", id="environ-item"),
    pytest.param('R = os.environ.get("X")', "line 2 sets it to a variable of the environment", id="environ"),
    pytest.param("R = {}", "line 2 sets it to a dictionary", id="dictionary"),
    pytest.param('R = ["b"]', "line 1 sets it to different kinds of things", id="list-too"),
    pytest.param("import R", "line 2 imports it", id="import"),
    pytest.param("import a.b as R", "line 2 imports it", id="import-as"),
    pytest.param("from a import R", "line 2 imports it", id="from-import"),
    pytest.param("from a import *", "line 2 imports names that it does not show", id="import-star"),
    pytest.param("with a as R:\n    pass", "line 2 sets it to what a with statement gives", id="with"),
    pytest.param("with a as (b, R):\n    pass", "line 2 sets it to what a with statement gives", id="with-tuple"),
    pytest.param("try:\n    pass\nexcept E as R:\n    pass", "line 4 sets it to an exception", id="except"),
    pytest.param("for R, b in a:\n    pass", "line 2 sets it together with other names", id="loop-tuple"),
    pytest.param("for R in a:\n    pass", "line 2 loops over a, which this text does not show", id="loop-name"),
    pytest.param("for R in f():\n    pass", "line 2 loops over the result of a call", id="loop-call"),
    pytest.param('for R in "ab":\n    pass', "line 2 loops over the letters of a text", id="loop-letters"),
    pytest.param('for R in ["a", f()]:\n    pass', "line 2 takes it from the result of a call", id="loop-element"),
    pytest.param('for R in ["a", *b]:\n    pass', "line 2 takes it from what is unpacked", id="loop-star"),
    pytest.param('for R in [["a"]]:\n    pass', "line 2 loops over lists", id="loop-lists"),
    pytest.param('for R in ["a"] if x else f():\n    pass', "line 2 loops over the result of a call", id="loop-conditional"),
    pytest.param("print(R := 1)", "line 2 sets it within an expression", id="walrus"),
    pytest.param("[(R := 1) for x in y]", "line 2 sets it within an expression", id="walrus-in-comprehension"),
    pytest.param("del R", "line 2 deletes it", id="del"),
    pytest.param("R[0] = 1", "line 2 changes a part of it", id="item"),
    pytest.param("match x:\n    case [R]:\n        pass", "line 3 sets it by a pattern", id="match"),
    pytest.param("match x:\n    case {**R}:\n        pass", "line 3 sets it by a pattern", id="match-mapping"),
    pytest.param("match x:\n    case C(a=R):\n        pass", "line 3 sets it by a pattern", id="match-class"),
    pytest.param("def R():\n    pass", "line 2 defines a function of that name", id="def"),
    pytest.param("class R:\n    pass", "line 2 defines a class of that name", id="class"),
    pytest.param("x, *R = y", "line 2 sets it together with other names", id="star-target"),
    pytest.param("globals()[x] = 1", "line 2 uses globals()", id="globals"),
    pytest.param("exec(x)", "line 2 uses exec()", id="exec"),
    pytest.param("vars()", "line 2 uses vars()", id="vars"),
    pytest.param("'{R}'.format(**locals())", "line 2 uses locals()", id="locals"),
    pytest.param("sys.modules[x]", "line 2 uses modules", id="modules"),
    pytest.param('setattr(m, "R", 1)', "line 2 names it in a string", id="setattr"),
    pytest.param('mock.patch("a.R", 1)', "line 2 names it in a string", id="patch"),
    pytest.param("type R = int", "line 2 makes it a type", id="type"),
]


@pytest.mark.parametrize(("source", "barred"), BARRED)
def test_barred(source: str, barred: str) -> None:
    assert only(f'R = "a"\n{source}\n', "R").barred == barred


PARAMETERS = [
    pytest.param("f(x())", "line 3 sets it to the result of a call", id="call"),
    pytest.param("f(R=x())", "line 3 sets it to the result of a call", id="keyword"),
    pytest.param("f(*x)", "line 3 passes arguments that it does not show", id="star"),
    pytest.param("f(**x)", "line 3 passes arguments that it does not show", id="double-star"),
    pytest.param("g(f, 1)", "line 3 passes its function on", id="passed"),
    pytest.param("g(target=f, args=x)", "line 3 passes its function on", id="passed-by-keyword"),
    pytest.param("g(f)", "", id="passed-alone"),
    pytest.param("o.f(x())", "", id="method-of-something"),
]


@pytest.mark.parametrize(("source", "barred"), PARAMETERS)
def test_parameters(source: str, barred: str) -> None:
    binding = only(f'def f(R="a"):\n    pass\n{source}\n', "R")
    assert binding.barred == barred
    assert binding.caveat == "callers may pass another value"


METHODS = [
    pytest.param("C().f('b')", "line 4 may pass it another value", id="unknown-receiver"),
    pytest.param("o.f(R='b')", "", id="keyword"),
    pytest.param("o.f(R=x())", "line 4 sets it to the result of a call", id="keyword-call"),
    pytest.param("C.f(o, 'b')", "line 4 may pass it another value", id="class"),
    pytest.param("g(o.f, 1)", "line 4 passes its function on", id="passed"),
]


@pytest.mark.parametrize(("source", "barred"), METHODS)
def test_parameters_of_methods(source: str, barred: str) -> None:
    assert only(f'class C:\n    def f(self, R="a"):\n        pass\n{source}\n', "R").barred == barred


def test_decorated_function_may_be_given_anything() -> None:
    assert only('@cases("R", ["b"])\ndef f(R="a"):\n    pass\n', "R").barred == "its decorator is given more"
    assert only('@cached\ndef f(R="a"):\n    pass\n', "R").barred == ""


def test_value_of_several_names_bars_them_all() -> None:
    source = 'def f(R="a"):\n    pass\nclass C:\n    def f(self, R="b"):\n        pass\nclass D:\n    def f(self, R="c"):\n        self.f(R="d")\n'
    _, result = found(source)
    assert [binding.barred for binding in result.bindings] == ["", *["line 8 gives the same value to several names"] * 2]


CAVEATS = [
    pytest.param('R = "a"', "other modules may import it", id="module"),
    pytest.param('_R = "a"', "", id="private"),
    pytest.param('def f():\n    R = "a"', "", id="local"),
    pytest.param('for R in ["a"]:\n    pass', "", id="loop"),
    pytest.param('class C:\n    R = "a"', "other modules may use it", id="attribute"),
    pytest.param('class C:\n    _R = "a"', "", id="private-attribute"),
    pytest.param('class C(B):\n    _R = "a"', "a base class may give it another value", id="base-class"),
    pytest.param('class C(object):\n    _R = "a"', "", id="object"),
    pytest.param('_R = os.getenv("X", "a")', "the environment may override it", id="environment"),
    pytest.param('_R = os.environ.get("X") or "a"', "the environment may override it", id="environment-or"),
    pytest.param('from a import *\n_R = "a"', "line 1 may import another value", id="import-star"),
    pytest.param('from a import *\nfrom b import *\n_R = "a"', "line 1 may import another value", id="import-stars"),
    pytest.param('R = os.getenv("X", "a")', "the environment may override it; other modules may import it", id="two"),
]


@pytest.mark.parametrize(("source", "caveat"), CAVEATS)
def test_caveats(source: str, caveat: str) -> None:
    (binding,) = found(source)[1].bindings
    assert (binding.caveat, binding.barred) == (caveat, "")


USES = [
    pytest.param("f(R)", ["R plain"], id="argument"),
    pytest.param("run([a, R], x=R)", ["R plain", "R plain"], id="vector-and-keyword"),
    pytest.param("def f():\n    return R", ["R plain"], id="return"),
    pytest.param("x = R", ["R plain"], id="stored"),
    pytest.param("x.y = R", ["R plain"], id="stored-in-attribute"),
    pytest.param('x["y"] = R', ["R plain"], id="stored-in-item"),
    pytest.param('x = {"y": R}', ["R plain"], id="stored-in-dictionary"),
    pytest.param("f(  (R)  )", ["R plain"], id="parentheses"),
    pytest.param('f"{R}/x"', ["{R} plain"], id="f-string"),
    pytest.param('f"a {R}/x {R}:y"', ["{R} plain", "{R} plain"], id="f-string-twice"),
    pytest.param('rf"""\n{R}/x"""', ["{R} plain"], id="f-string-raw"),
    pytest.param('f"podman pull {R}/x\\n"', ["{R} plain"], id="f-string-newline"),
    pytest.param('f"{R!r}/x"', ["{R!r} other: formatted in an f-string"], id="f-string-conversion"),
    pytest.param('f"{R:>3}/x"', ["{R:>3} other: formatted in an f-string"], id="f-string-format"),
    pytest.param('f"{R=}/x"', ["{R=} other: formatted in an f-string"], id="f-string-equal"),
    pytest.param('f"{x:{R}}/x"', ["R other: a part of a format"], id="f-string-nested-format"),
    pytest.param('f"{g(R)}/x"', ["R other: put into other text"], id="f-string-call"),
    pytest.param("f\"{R + 'x'}/x\"", ["R other: put into other text"], id="f-string-sum"),
    pytest.param('f"{R}\\x2fx"', ["{R} other: an escape stands beside it"], id="f-string-escape"),
    pytest.param('f"{R}\\\n/x"', ["{R} other: an escape stands beside it"], id="f-string-continued"),
    pytest.param('f"{{{R}}}/x"', ["{R} other: an escape stands beside it"], id="f-string-braces"),
    pytest.param('f"${R}/x"', ["{R} other: a $ stands before it"], id="f-string-dollar"),
    pytest.param('"%s/x" % R', ["%s plain"], id="percent"),
    pytest.param('"%s/x" % (R)', ["%s plain"], id="percent-parentheses"),
    pytest.param('"%s/%s" % (x, R)', ["%s plain"], id="percent-tuple"),
    pytest.param('"%(r)s/x" % {"r": R}', ["%(r)s plain"], id="percent-mapping"),
    pytest.param('"%r/x" % R', ["%r other: formatted with %r"], id="percent-r"),
    pytest.param('"%-9s/x" % R', ["%-9s other: formatted with %-9s"], id="percent-width"),
    pytest.param('"%s/%s" % R', ["R other: put into other text"], id="percent-mismatch"),
    pytest.param('"%*s/x" % (3, R)', ["R other: put into other text"], id="percent-star"),
    pytest.param('"%s/x" % R.y', ["R other: its .y is used"], id="percent-attribute"),
    pytest.param('"%s/x" % x.join(R)', ["R other: put into other text"], id="percent-call"),
    pytest.param('"%(r)s/x" % {"r": R, **x}', ["R other: put into other text"], id="percent-mapping-open"),
    pytest.param('b"%s/x" % R', ["%s other: put into bytes"], id="percent-bytes"),
    pytest.param('"%%s/%s" % R', ["%s other: an escape stands beside it"], id="percent-doubled"),
    pytest.param("x % R", ["R other: fills a template that stands elsewhere"], id="percent-elsewhere"),
    pytest.param("R % x", ["R other: filled as a template"], id="percent-template"),
    pytest.param('"{}/x".format(R)', ["{} plain"], id="format"),
    pytest.param('"{}/{}".format(x, R)', ["{} plain"], id="format-second"),
    pytest.param('"{0}/{0}".format(R)', ["{0} plain", "{0} plain"], id="format-numbered"),
    pytest.param('"{r}/x".format(r=R)', ["{r} plain"], id="format-named"),
    pytest.param('"{r}/x".format(r=R, **x)', ["{r} plain"], id="format-named-open"),
    pytest.param('"{}/x".format(*x, R)', ["R other: put into other text"], id="format-star"),
    pytest.param('"{!r}/x".format(R)', ["{!r} other: formatted with !r"], id="format-conversion"),
    pytest.param('"{0.y}/x".format(R)', ["{0.y} other: a part of it is read by .format()"], id="format-attribute"),
    pytest.param('"{0[y]}/x".format(R)', ["{0[y]} other: a part of it is read by .format()"], id="format-index"),
    pytest.param('"{:{}}/x".format(x, R)', ["R other: put into other text"], id="format-nested"),
    pytest.param('"{}/{0}".format(R)', ["R other: put into other text"], id="format-mixed"),
    pytest.param('"\\x7b}/x".format(R)', ["R other: put into other text"], id="format-hidden"),
    pytest.param('"x".format(R)', ["R other: put into other text"], id="format-unused"),
    pytest.param("x.format(R)", ["R other: fills a template that stands elsewhere"], id="format-elsewhere"),
    pytest.param("R.format(x)", ["R other: filled as a template"], id="format-template"),
    pytest.param('R + "/x"', ["R plain"], id="plus"),
    pytest.param('R + "/x" + y', ["R other: joined with what cannot be read off"], id="plus-unknown"),
    pytest.param('R + "/x\\n"', ["R other: joined with what cannot be read off"], id="plus-escape"),
    pytest.param('f"a {R}/x " + y', ["{R} plain"], id="plus-unknown-apart"),
    pytest.param('f"a {R}/x" + y', ["{R} other: joined with what cannot be read off"], id="plus-unknown-beside"),
    pytest.param("x += R", ["R other: added to another text"], id="augmented"),
    pytest.param('x += f" {R}/x "', ["{R} plain"], id="augmented-apart"),
    pytest.param('x += f"{R}/x"', ["{R} other: joined with what cannot be read off"], id="augmented-beside"),
    pytest.param("x += [R]", ["R plain"], id="augmented-list"),
    pytest.param("x = [R] + y", ["R plain"], id="list-plus"),
    pytest.param("x = y + R", ["R other: joined with what cannot be read off"], id="plus-name"),
    pytest.param('os.path.join(R, "x")', ["R other: joined with os.path.join"], id="path-join"),
    pytest.param('posixpath.join(R, "x")', ["R other: joined with posixpath.join"], id="posixpath-join"),
    pytest.param('urljoin(R, "x")', ["R other: joined with urljoin"], id="urljoin"),
    pytest.param('Path(R) / "x"', ["R other: joined with /"], id="path"),
    pytest.param('"".join([R, "x"])', ["R other: joined with .join"], id="join"),
    pytest.param('"/".join((R, "x"))', ["R other: joined with .join"], id="join-slash"),
    pytest.param('" ".join([x, R])', ["R plain"], id="join-words"),
    pytest.param('R.split(":")[0]', ['R apart: taken apart with .split(":")'], id="split"),
    pytest.param("R.rpartition('/')", ["R apart: taken apart with .rpartition('/')"], id="rpartition"),
    pytest.param('R.replace("a", "b")', ['R apart: taken apart with .replace("a", "b")'], id="replace"),
    pytest.param('x.replace("a", R)', ["R apart: matched with x.replace()"], id="replaced"),
    pytest.param("R.strip()", ["R apart: taken apart with .strip()"], id="strip"),
    pytest.param('x = R.startswith("a")', ['R apart: taken apart with .startswith("a")'], id="startswith"),
    pytest.param("x.startswith(R)", ["R apart: matched with x.startswith()"], id="startswith-argument"),
    pytest.param('x.startswith(f"{R}/")', ["{R} apart: matched with x.startswith()"], id="startswith-text"),
    pytest.param("re.sub(R, x, y)", ["R apart: matched with re.sub()"], id="re"),
    pytest.param("urlparse(R)", ["R apart: matched with urlparse()"], id="urlparse"),
    pytest.param("self.assertEqual(R, x)", ["R apart: matched with self.assertEqual()"], id="assertion"),
    pytest.param("os.path.basename(R)", ["R apart: taken apart with os.path.basename()"], id="basename"),
    pytest.param("x = x == R", ["R apart: compared with =="], id="equal"),
    pytest.param("if R != x:\n    pass", ["R apart: compared with !="], id="unequal"),
    pytest.param("if R in x:\n    pass", ["R apart: compared with in"], id="in"),
    pytest.param("if x not in (R, y):\n    pass", ["R apart: compared with not in"], id="not-in"),
    pytest.param("R[3:]", ["R apart: taken apart with R[3:]"], id="slice"),
    pytest.param("x[R]", ["R apart: used as a key"], id="key"),
    pytest.param("x = {R: 1}", ["R apart: used as a key"], id="dictionary-key"),
    pytest.param("x.get(R)", ["R apart: used as a key"], id="looked-up"),
    pytest.param("requests.get(R)", ["R plain"], id="requested"),
    pytest.param("len(R)", ["R apart: its length is taken"], id="len"),
    pytest.param("match R:\n    case 'a':\n        pass", ["R apart: matched with patterns"], id="match"),
    pytest.param("for c in R:\n    pass", ["R apart: its letters are looped over"], id="letters"),
    pytest.param("R.upper()", ["R other: its .upper() is called"], id="upper"),
    pytest.param("R.x", ["R other: its .x is used"], id="attribute"),
    pytest.param("R()", ["R other: called"], id="called"),
    pytest.param("f(*R)", ["R other: unpacked with *"], id="star"),
    pytest.param("f(**R)", ["R other: unpacked with **"], id="double-star"),
    pytest.param("x = [*R]", ["R other: unpacked with *"], id="star-element"),
    pytest.param("R * 3", ["R other: joined with the operator Multiply"], id="multiplied"),
    pytest.param("def f(x: R): pass", ["R other: used as a type"], id="annotation"),
    pytest.param("@R\ndef f(): pass", ["R other: used as a decorator"], id="decorator"),
    pytest.param("class C(R): pass", ["R other: used as a base class"], id="base"),
    pytest.param("if R:\n    pass", [], id="tested"),
    pytest.param("x = y if not R else z", [], id="tested-not"),
    pytest.param("assert R and x", [], id="tested-and"),
    pytest.param("x = R is None", [], id="none"),
    pytest.param("R = R or 'b'", [], id="itself"),
    pytest.param("# R\nx = 'R'\nx.R = 1\nf(R=1)", [], id="no-mention"),
    pytest.param("def f(R): f(R)", [], id="shadowed"),
    pytest.param("[R for R in x]", [], id="shadowed-in-comprehension"),
    pytest.param("[R for x in R]", ["R plain", "R apart: its letters are looped over"], id="comprehension-iterable"),
    pytest.param("lambda: R", ["R plain"], id="lambda"),
    pytest.param("lambda R: R", [], id="lambda-parameter"),
    pytest.param("def f():\n    def g():\n        return R", ["R plain"], id="closure"),
    pytest.param("class C:\n    R = R", ["R other: its class may not have set it yet"], id="class-body"),
]


@pytest.mark.parametrize(("source", "wanted"), USES)
def test_uses(source: str, wanted: list[str]) -> None:
    data, result = found(f'R = "a"\n{source}\n')
    (binding,) = [each for each in result.bindings if each.values[0] == (5, 6)]
    assert described(data, binding) == wanted


# Lists


LIST_USES = [
    pytest.param("f(L)", ["L other: used as a list"], id="argument"),
    pytest.param("L[0]", ["L other: used as a list"], id="item"),
    pytest.param("x = L", ["L other: used as a list"], id="stored"),
    pytest.param("[i for i in L]", ["L plain"], id="comprehension"),
    pytest.param("for i in sorted(L): pass", ["L plain"], id="sorted"),
    pytest.param("for i in L or []: pass", ["L plain"], id="or"),
    pytest.param("for i, j in L: pass", ["L other: looped over with several names"], id="tuples"),
    pytest.param("for i, j in enumerate(L): pass", ["L other: used as a list"], id="enumerate"),
    pytest.param("if x in L: pass", ["L other: used as a list"], id="in"),
    pytest.param("L.append(x)", ["L other: its .append() is called"], id="append"),
    pytest.param('" ".join(L)', ["L other: joined with .join"], id="join"),
    pytest.param("f(*L)", ["L other: unpacked with *"], id="star"),
    pytest.param("x = L + [1]", ["L other: added to something else"], id="plus"),
    pytest.param("if L: pass", [], id="tested"),
]


@pytest.mark.parametrize(("source", "wanted"), LIST_USES)
def test_uses_of_a_list(source: str, wanted: list[str]) -> None:
    assert uses(f'L = ["a", "b"]\nfor x in L:\n    pass\n{source}\n', "L") == ["L plain", *wanted]


def test_list_that_is_changed_is_barred() -> None:
    assert only('L = ["a"]\nfor i in L:\n    pass\nL += ["b"]', "L").barred == "line 4 adds to it"


def test_loops_over_one_list_share_its_values() -> None:
    source = 'L = ["a"]\nfor i in L:\n    f(i)\nfor j in L:\n    j.split(":")\n'
    assert values(source, "i") == values(source, "j") == ["L"]
    assert values(source, "L") == ["a"]
    assert uses(source, "j") == ['j apart: taken apart with .split(":")']


# Scopes


def test_scopes_have_bindings_of_their_own() -> None:
    source = 'R = "a"\ndef f():\n    R = "b"\n    g(R, 1)\ndef h(R="c"):\n    [R for R in ("d",)]\n    return R\nf(R, 2)\n'
    data, result = found(source)
    told = {data[slice(*each.values[0])]: described(data, each) for each in result.bindings}
    assert told == {b"a": ["R plain"], b"b": ["R plain"], b"c": ["R plain"], b"d": ["R plain"]}
    lines = {data[slice(*each.values[0])]: [data.count(b"\n", 0, use.start) + 1 for use in each.uses] for each in result.bindings}
    assert lines == {b"a": [8], b"b": [4], b"c": [7], b"d": [6]}


ATTRIBUTES = [
    pytest.param("def f(self):\n        g(self.R)", ["self.R plain"], id="self"),
    pytest.param('def f(self):\n        return f"{self.R}/x"', ["{self.R} plain"], id="f-string"),
    pytest.param('def f(self):\n        return "%s/x" % self.R', ["%s plain"], id="percent"),
    pytest.param("@classmethod\n    def f(cls):\n        g(cls.R)", ["cls.R plain"], id="cls"),
    pytest.param("@staticmethod\n    def f(x):\n        g(x.R)", ["x.R other: read from another object"], id="static"),
    pytest.param("def f(self):\n        self = x\n        g(self.R)", ["self.R other: read from another object"], id="rebound"),
    pytest.param("def f(self):\n        g(lambda: self.R)", ["self.R plain"], id="closure"),
    pytest.param("x = f(R)", ["R plain"], id="class-body"),
    pytest.param("def f(self):\n        g(R)", [], id="no-name-in-methods"),
    pytest.param("pass\ng(C.R)", ["C.R plain"], id="class"),
    pytest.param("pass\ng(x.R)", ["x.R other: read from another object"], id="unknown"),
    pytest.param("pass\ng(f().R)", ["f().R other: read from another object"], id="result"),
    pytest.param("pass\nimport x\ng(x.R)", [], id="module"),
    pytest.param("def f(self):\n        g(self.R.split('/'))", ["self.R apart: taken apart with .split('/')"], id="split"),
    pytest.param("pass\nclass D(C):\n    def f(self):\n        g(self.R)", ["self.R plain"], id="inherited"),
    pytest.param(
        "pass\nclass D(B):\n    def f(self):\n        g(self.R)", ["self.R other: read from another object"], id="other-class"
    ),
]


@pytest.mark.parametrize(("source", "wanted"), ATTRIBUTES)
def test_uses_of_attributes(source: str, wanted: list[str]) -> None:
    assert uses(f'class C:\n    R = "a"\n    {source}\n', "R") == wanted


BARRED_ATTRIBUTES = [
    pytest.param("def f(self):\n        self.R = g()", "line 4 sets it to the result of a call", id="set"),
    pytest.param(
        "def f(self, x):\n        self.R = x", "line 4 sets it to x, which this text does not show", id="set-to-parameter"
    ),
    pytest.param("def f(self):\n        self.R += 'b'", "line 4 adds to it", id="augmented"),
    pytest.param("pass\nx.R = f()", "line 4 sets it to the result of a call", id="set-on-something"),
    pytest.param("pass\nsetattr(C, 'R', 1)", "line 4 names it in a string", id="setattr"),
    pytest.param("pass\ngetattr(C, x)", "line 4 uses getattr() with a name that is not shown", id="getattr"),
    pytest.param("pass\ngetattr(C, x, 'b')", "line 4 uses getattr() with a name that is not shown", id="getattr-default"),
    pytest.param("pass\nC.__dict__", "line 4 uses __dict__", id="dict"),
    pytest.param("pass\nvars(C)", "line 4 uses vars()", id="vars"),
    pytest.param("def __getattr__(self, x):\n        pass", "line 3 defines __getattr__", id="hook"),
    pytest.param("def R(self):\n        pass", "line 3 defines a function of that name", id="method"),
]


@pytest.mark.parametrize(("source", "barred"), BARRED_ATTRIBUTES)
def test_barred_attributes(source: str, barred: str) -> None:
    assert only(f'class C:\n    R = "a"\n    {source}\n', "R").barred == barred


@pytest.mark.parametrize(
    ("head", "barred"),
    [
        ("@dataclass\nclass C:", "line 2 makes its class with a decorator"),
        ("class C(Enum):", "line 1 makes its class in a way of its own"),
        ("class C(typing.NamedTuple):", "line 1 makes its class in a way of its own"),
        ("class C(metaclass=M):", "line 1 makes its class in a way of its own"),
    ],
)
def test_classes_that_are_not_what_their_body_says(head: str, barred: str) -> None:
    assert only(f'{head}\n    R: str = "a"\n', "R").barred == barred


def test_private_attribute_has_another_name_outside() -> None:
    assert only('class C:\n    __R = "a"\n', "__R").barred == "its name is another one outside of its class"


# Texts that are put together


JOINS = [
    pytest.param('R + "/x"', [["R", "/x"]], id="plus"),
    pytest.param('"a " + R + "/x"', [["a ", "R", "/x"]], id="three"),
    pytest.param('("a " + (R + "/x"))', [["a ", "R", "/x"]], id="parentheses"),
    pytest.param('"a" "b"', [["a", "b"]], id="side-by-side"),
    pytest.param('("a"\n    r"b"\n)', [["a", "b"]], id="lines"),
    pytest.param('f"{R}/" "x"', [["{R}", "/", "x"]], id="f-string"),
    pytest.param('f"p {R}/{y}:" "x"', [["p ", "{R}", "/{y}:", "x"]], id="f-string-unknown-name"),
    pytest.param('"%s/" "x:%s" % (R, y)', [["%s", "/", "x:%s"]], id="percent"),
    pytest.param('("{}/" "{}").format(y, R)', [["{}/", "{}"]], id="format"),
    pytest.param('"a" + "%s/x" % R', [["a", "%s", "/x"]], id="plus-percent"),
    pytest.param('R + S', [["R", "S"]], id="names"),
    pytest.param('R + ""', [["R"]], id="empty"),
    pytest.param('R + y', [], id="unknown-name"),
    pytest.param('R + "x" + f()', [], id="call"),
    pytest.param('R + "x\\n"', [], id="escape"),
    pytest.param('R + b"x"', [], id="bytes"),
    pytest.param('R + f"{{x"', [], id="doubled"),
    pytest.param('R + f"x{y(1, 2)}"', [], id="no-hole"),
    pytest.param('R + 1', [], id="number"),
    pytest.param('L + ["x"]', [], id="list"),
    pytest.param('L + L', [], id="lists"),
    pytest.param('x == "a" "b"', [], id="compared"),
    pytest.param('x == R + "b"', [], id="compared-name"),
    pytest.param('f("a" "b").g', [["a", "b"]], id="argument"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "wanted"), JOINS)
def test_joins(source: str, wanted: list[list[str]]) -> None:
    assert joins(f'R = "r"\nS = "s"\nL = ["a"]\nfor i in L:\n    pass\nprint({source})\n') == wanted


def test_pieces_are_uses() -> None:
    data, result = found('R = "r"\nx = f"{R}/" + R + "%s" % R\n')
    (join,) = result.joins
    (binding,) = result.bindings
    assert data[join.start : join.end] == b'f"{R}/" + R + "%s" % R'
    assert [(use.start, use.end) for use in binding.uses] == [join.pieces[0], join.pieces[2], join.pieces[3]]


TROUBLES = [
    pytest.param("run([I])", "R plain", id="none"),
    pytest.param('f"podman pull {I} -q"', "R plain", id="word"),
    pytest.param("return_ = I", "R plain", id="stored"),
    pytest.param('I.split(":")', 'R other: a part of I, of which in line 3: taken apart with .split(":")', id="split"),
    pytest.param('f"{I}:x"', "R other: a part of I, of which in line 3: it stands beside other text", id="text"),
    pytest.param('I + "x"', "R other: a part of I, of which in line 3: joined with what cannot be read off", id="plus"),
    pytest.param('I += "x"', "R other: a part of I, and line 3 adds to it", id="augmented"),
    pytest.param('J = I\nf"{J}:x"', "R other: a part of J, of which in line 4: it stands beside other text", id="handed-on"),
    pytest.param(
        'def f(I):\n    f"{I}:x"\nf(I)', "R other: a part of I, of which in line 4: it stands beside other text", id="passed"
    ),
    pytest.param(
        'for J in [I]:\n    f"{J}:x"', "R other: a part of J, of which in line 4: it stands beside other text", id="looped"
    ),
]


@pytest.mark.parametrize(("source", "wanted"), TROUBLES)
def test_joined_text_in_a_name_that_more_is_done_with(source: str, wanted: str) -> None:
    assert uses(f'R = "r"\nI = R + "/x"\n{source}\n', "R") == [wanted]


ADDED = [
    pytest.param('I += ":x"', "{R} other: a part of I, and line 3 adds to it", id="augmented"),
    pytest.param('J = I\nJ += ":x"', "{R} other: a part of J, and line 4 adds to it", id="handed-on"),
    pytest.param('for J in [I]:\n    J += ":x"', "{R} other: a part of J, and line 4 adds to it", id="looped"),
    pytest.param('def f(J):\n    J += ":x"\nf(I)', "{R} other: a part of J, and line 4 adds to it", id="passed"),
    pytest.param('J = [I]\nJ += [":x"]', "{R} plain", id="list"),
    pytest.param('I.split(":")', "{R} plain", id="split"),
]


@pytest.mark.parametrize(("source", "wanted"), ADDED)
def test_text_in_a_name_that_more_is_added_to(source: str, wanted: str) -> None:
    assert uses(f'R = "r"\nI = f"a {{R}}/x"\n{source}\n', "R") == [wanted]
    assert uses(f'R = "r"\nI = f"a {{R}}/x "\n{source}\n', "R") == ["{R} plain"]


def test_joined_literals_in_a_name_that_is_taken_apart() -> None:
    assert joins('I = "a" "b"\nrun(I)') == [["a", "b"]]
    assert joins('I = "a" "b"\nI.split(":")') == []


# Encodings, line ends, old Python


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbfR = 'a'\nf(R)\n", id="bom"),
        pytest.param(b"# -*- coding: latin-1 -*-\ny = '\xe9'; R = 'a'; f(R)\n", id="latin-1"),
        pytest.param("y = '\U0001f600é'; R = 'a'; f(R)\n".encode(), id="utf-8"),
        pytest.param(b"import a\n\x0cR = 'a'\n\x0cf(R)\n", id="form-feed"),
        pytest.param(b"import a\r\nR = 'a'\r\nf(R)\r\n", id="crlf"),
        pytest.param(b"import a\rR = 'a'\rf(R)\r", id="cr"),
        pytest.param(b"R = 'a'; f(R)", id="no-final-newline"),
        pytest.param("ＲR = 'b'; R = 'a'; f(Ｒ)".encode(), id="normalised"),
    ],
)
def test_bytes(data: bytes) -> None:
    (binding,) = [each for each in bindings(data).bindings if each.name == "R"]
    assert [data[start:end] for start, end in binding.values] == [b"a"]
    assert [data[use.start : use.end] for use in binding.uses] == ["Ｒ".encode() if data.endswith("(Ｒ)".encode()) else b"R"]


def test_names_that_are_not_ascii_are_told_apart() -> None:
    assert values("é = 'a'\nè = 'b'\n", "é") == ["a"]


@pytest.mark.parametrize(
    "source",
    ['R = "a"\nprint "b"', 'R = "a"\nx = `R`', '{% if x %}\nR = "a"', 'R = "a"\nx = (' + "(" * 3000, 'R = "a"\n\xff = 1'],
)
def test_what_libcst_refuses_binds_nothing(source: str) -> None:
    assert bindings(source.encode("latin-1")) == Bindings()


def test_large_file_binds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcilint.languages.python_tree.MAX_SIZE", 10)
    assert bindings(b'R = "a"\n') != bindings(b'R = "a"  # longer\n') == Bindings()


MANY = [
    pytest.param('R# = "a"\nS# = R# + "/x"\nf(f"{R#}/x", "%s" % S#, R=R#)\n', id="names"),
    pytest.param('class C#(C@):\n    R = "a"\n    def __init__(self, x="b"):\n        super().__init__(self.R)\n        C@(1)\n', id="classes"),
    pytest.param('class C:\n    def __init__(self, x="b"):\n        C(x)\n', id="same-class"),
    pytest.param('def f(x="a"):\n    I = x + "b"\n    g(f, I)\n    f(I)\n', id="same-function"),
    pytest.param('I = [f"{I}"]\nfor i in I:\n    J = i\n    J += "a"\n', id="same-name"),
    pytest.param('from a import *\neval(I)\ngetattr(R, x)\nR# = "a"\n', id="dynamic"),
]  # fmt: skip


@pytest.mark.parametrize("lines", MANY)
def test_many_names_in_linear_time(lines: str) -> None:
    def made(count: int) -> bytes:
        return "".join(lines.replace("#", str(number)).replace("@", str(number - 1)) for number in range(count)).encode()

    assert_linear(bindings, made, 50)
    assert bindings(made(400)).bindings


# What Python itself says


class Reader:
    """Reads texts with the values of their names in place; None where nothing is said."""

    def __init__(self, data: bytes) -> None:
        self.data, self.result = data, bindings(data)
        self.uses = {(use.start, use.end): (each, use) for each in self.result.bindings for use in each.uses}
        self.joins = {(join.start, join.end): join.pieces for join in self.result.joins}

    def expression(self, start: int, source: str) -> set[str] | None:
        """What the expression `source` at byte `start` may give."""
        span = start, start + len(source)
        literal = re.match(r'f?"([^"]*)"', source)
        if span in self.joins:
            return self.texts(self.joins[span])
        if span in self.uses or not literal:
            return self.texts([span]) if span in self.uses else None
        return self.texts([(start + literal.start(1), start + literal.end(1))])

    def texts(self, spans: tuple[Span, ...] | list[Span], depth: int = 0) -> set[str] | None:
        options = [self.text(span, depth) for span in spans]
        if any(option is None for option in options):
            return None
        return {"".join(texts) for texts in itertools.product(*(option for option in options if option is not None))}

    def text(self, span: Span, depth: int) -> set[str] | None:
        if depth > 8:
            return None
        if span in self.uses:
            binding, use = self.uses[span]
            if use.kind != "plain" or binding.barred:
                return None
            read = [self.texts([value], depth + 1) for value in binding.values]
            return None if None in read else {text for texts in read for text in texts or ()}
        inside: list[Span] = sorted(use for use in self.uses if span[0] <= use[0] and use[1] <= span[1])
        if not inside:
            literal = self.data[span[0] : span[1]].decode()
            return None if re.search(r"[{}%]", literal) else {literal}
        at = span[0]
        spans: list[Span] = []
        for start, end in inside:
            spans += [(at, start), (start, end)]
            at = end
        return self.texts([each for each in (*spans, (at, span[1])) if each[0] < each[1]], depth)


def run(source: str) -> list[tuple[int, str]]:
    """The texts that a program emits, each with a number."""
    emitted: list[tuple[int, str]] = []

    def emit(number: int, text: str) -> str:
        emitted.append((number, text))
        return text

    with redirect_stdout(io.StringIO()), mock.patch.dict(os.environ, clear=True):
        exec(compile(source, "program", "exec"), {"emit": emit, "os": os})
    return emitted


_EMIT = re.compile(r"emit\((\d+), (.*?)\)!")


def emits(source: str) -> tuple[str, dict[int, tuple[int, str]]]:
    """A program without the marks at the end of its emits, and where their expressions stand."""
    text, at, places = "", 0, {}
    for match in _EMIT.finditer(source):
        text += source[at : match.start(2)]
        places[int(match[1])] = len(text), match[2]
        text += match[2] + ")"
        at = match.end()
    return text + source[at:], places


def compare(source: str) -> int:
    """How many emitted texts were foretold. Fails where one was foretold otherwise."""
    program, places = emits(source)
    reader = Reader(program.encode())
    count = 0
    for number, text in run(program):
        wanted = reader.expression(*places[number])
        assert wanted is None or text in wanted, (program, places[number], wanted, text)
        count += wanted is not None
    return count


PROGRAMS = [
    pytest.param('A = "a"\nemit(1, A)!\nemit(2, f"{A}/x")!\nemit(3, "%s/x" % A)!\nemit(4, A + "/x")!\nemit(5, "{}/x".format(A))!', 5, id="simple"),
    pytest.param('A = "a"\nB = f"{A}/b"\nC = "%s:c" % B\nemit(1, C)!\nemit(2, C + "-" + A)!', 2, id="chain"),
    pytest.param('A = "a"\nB = "b"\nemit(1, "%(x)s/%(y)s" % {"y": A, "x": B})!\nemit(2, "{1}/{0}".format(A, B))!\nemit(3, "{y}{}".format(A, y=B))!', 3, id="order"),
    pytest.param('A = "a"\nemit(1, A)!\ndef f():\n    A = "b"\n    emit(2, A)!\n    def g():\n        emit(3, A)!\n    g()\nf()\nemit(4, A)!', 4, id="shadow"),
    pytest.param('A = "a"\ndef f():\n    global A\n    A = "b"\nemit(1, A)!\nf()\nemit(2, A)!', 2, id="global"),
    pytest.param('def f(A="a", *, B="b"):\n    emit(1, f"{A}/{B}")!\nf()\nf("x")\nf(B="y")\nf(A="z", B="w")', 4, id="parameters"),
    pytest.param('L = ["a", "b"]\nfor i in L:\n    emit(1, f"{i}/x")!\n[emit(2, i + "/y")! for i in L]\nfor i in ("c", "d"):\n    emit(3, i)!', 6, id="loops"),
    pytest.param('class C:\n    A = "a"\n    def f(self):\n        emit(1, f"{self.A}/x")!\n        emit(2, self.A + "/y")!\nC().f()\nemit(3, C.A)!', 3, id="attributes"),
    pytest.param('class C:\n    def __init__(self, A="a"):\n        self.A = A\n    def f(self):\n        emit(1, self.A)!\nC().f()\nC("b").f()', 2, id="constructor"),
    pytest.param('A = os.environ.get("X", "a")\nB = os.getenv("X") or "b"\nemit(1, A + B)!', 1, id="environment"),
    pytest.param('A = "a" if len("x") else "b"\nB = A or "c"\nemit(1, f"{B}" ":d")!', 1, id="alternatives"),
    pytest.param('emit(1, "a" "b")!\nemit(2, "a" + r"b")!', 2, id="literals"),
    pytest.param('A = "a"\nA += "b"\nemit(1, A)!', 0, id="barred"),
    pytest.param('A = "a"\nemit(1, f"{A!r}")!\nemit(2, "%r" % A)!\nemit(3, "%5s" % A)!\nemit(4, f"{A:>3}")!', 0, id="formatted"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "count"), PROGRAMS)
def test_what_python_emits_was_foretold(source: str, count: int) -> None:
    assert compare(source) == count


NAMES = ["A", "B", "C"]
LITERALS = st.text("ab/:.", min_size=1, max_size=4)
name = st.sampled_from(NAMES)
literal = LITERALS.map(lambda text: f'"{text}"')
simple = st.one_of(
    name,
    st.builds('f"{{{}}}{}{{{}}}"'.format, name, LITERALS, name),
    st.builds('f"{}{{{}}}"'.format, LITERALS, name),
    st.builds('"{}%s{}%s" % ({}, {})'.format, LITERALS, LITERALS, name, name),
    st.builds('"%s{}" % {}'.format, LITERALS, name),
    st.builds('"%(k)s{}" % {{"k": {}}}'.format, LITERALS, name),
    st.builds('"{{}}{}{{}}".format({}, {})'.format, LITERALS, name, name),
    st.builds('"{{1}}{}{{0}}".format({}, {})'.format, LITERALS, name, name),
    st.builds('"{{k}}{}".format(k={})'.format, LITERALS, name),
    st.builds("{} + {}".format, name, literal),
    st.builds("{} + {} + {}".format, literal, name, name),
    st.builds('f"{{{}}}" {}'.format, name, literal),
    st.builds('f"{{{}!s}}"'.format, name),
)
value = st.one_of(
    literal,
    simple,
    st.builds("{} if len({}) > 3 else {}".format, literal, name, name),
    st.builds("{} or {}".format, name, literal),
    st.builds('os.environ.get("X", {})'.format, literal),
    st.builds("str({})".format, name),
)
statement = st.recursive(
    st.one_of(
        st.builds("{} = {}".format, name, value),
        st.builds("emit(#, {})!".format, simple),
        st.builds("{} += {}".format, name, literal),
        st.builds("for {} in [{}, {}]:\n    emit(#, {})!".format, name, literal, simple, simple),
        st.builds("L = [{}, {}]\nfor {} in L:\n    emit(#, {})!".format, literal, literal, name, simple),
        st.builds("[emit(#, {})! for {} in ({}, {})]".format, simple, name, literal, simple),
        st.builds("S.{} = {}".format, name, value),
        st.builds('emit(#, f"{{S.{}}}{{{}}}")!'.format, name, name),
    ),
    lambda inner: st.one_of(
        st.builds(
            "def f({}={}, k={}):\n{}\n    emit(#, k)!\nf()\nf({})\nf({}, k={})".format,
            name, value, literal, inner.map(lambda body: "    " + body.replace("\n", "\n    ")), simple, literal, value,
        ),
        st.builds("def f():\n    global {}\n{}\nf()".format, name, inner.map(lambda body: "    " + body.replace("\n", "\n    "))),
        st.builds("if {} == {}:\n{}".format, name, literal, inner.map(lambda body: "    " + body.replace("\n", "\n    "))),
        st.builds("{}\n{}".format, inner, inner),
    ),
    max_leaves=6,
)  # fmt: skip
program = st.lists(statement, min_size=1, max_size=6).map(
    lambda body: numbered('class S:\n    A = "sa"\n    B = C = "sb"\nA = "a"\nB = "b"\nC = "c"\n' + "\n".join(body) + "\n")
)


def numbered(source: str) -> str:
    count = itertools.count()
    return re.sub("#", lambda _: str(next(count)), source)


@settings(deadline=None, max_examples=200)
@given(program)
def test_generated_programs_emit_what_was_foretold(source: str) -> None:
    with suppress(UnboundLocalError, NameError, TypeError, AttributeError, SyntaxError):  # Python does not run it to its end
        compare(source)


# Every mention, by Python's own syntax tree and symbol table


def owners(source: str) -> dict[str, list[str]]:
    """Names with the kinds of the scopes that set them."""
    result: dict[str, list[str]] = {}
    tables = [symtable.symtable(source, "program", "exec")]
    for table in tables:
        tables.extend(table.get_children())
        for symbol in table.get_symbols():
            if symbol.is_local() or (symbol.is_declared_global() and symbol.is_assigned()):
                result.setdefault(symbol.get_name(), []).append(str(table.get_type()))
    return result


def unmentioned(source: str) -> set[int]:
    """The places of names that are only tested, set to themselves, or stand in a format that is looked at elsewhere."""
    tested: list[ast.expr] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            tested.append(node.test)
        elif isinstance(node, ast.comprehension):
            tested += node.ifs
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            tested += [each for each in ast.walk(node.value) if isinstance(each, ast.Name) and each.id == target]
        elif isinstance(node, ast.UnaryOp):
            tested.append(node.operand)
        elif isinstance(node, ast.Compare) and all(isinstance(each, ast.Constant) for each in node.comparators):
            tested.append(node.left)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("bool", "isinstance"):
            tested += node.args
        elif isinstance(node, ast.JoinedStr | ast.BinOp) and not isinstance(getattr(node, "op", None), ast.Add):
            tested += [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    for expression in tested:
        if isinstance(expression, ast.BoolOp):
            tested += expression.values
        elif isinstance(expression, ast.IfExp):
            tested += [expression.body, expression.orelse]
    return {place(source, each) for each in tested if isinstance(each, ast.Name)}


def place(source: str, node: ast.expr) -> int:
    return sum(len(line.encode()) for line in source.splitlines(keepends=True)[: node.lineno - 1]) + node.col_offset


def missed(source: str) -> list[str]:
    """Mentions of names with one scope that no use covers."""
    by_name: dict[str, list[Binding]] = {}
    for binding in bindings(source.encode()).bindings:
        by_name.setdefault(binding.name, []).append(binding)
    known, left_out = owners(source), unmentioned(source)
    result = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in by_name:
            continue
        at = place(source, node)
        if known.get(node.id) not in (["module"], ["function"]) or at in left_out:
            continue
        if not any(use.start <= at < use.end for binding in by_name[node.id] for use in binding.uses):
            result.append(f"{node.id} in line {node.lineno}")
    return result


MODULES = sorted(Path(python_bindings.__file__).parent.glob("python*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_mention_in_a_module_is_told(path: Path) -> None:
    assert missed(path.read_text()) == []


@settings(deadline=None, max_examples=200)
@given(program)
def test_every_mention_in_generated_programs_is_told(source: str) -> None:
    text = re.sub(r"\)!", ")", source)
    try:
        compile(text, "program", "exec")
    except SyntaxError:
        return
    assert [each for each in missed(text) if not re.search(r"%|format|\bS\b", text.splitlines()[int(each.split()[-1]) - 1])] == []


# Never more than the text shows


def check_shape(data: bytes) -> None:
    result = bindings(data)
    for binding in result.bindings:
        assert binding.values
        for start, end in binding.values:
            assert 0 <= start < end <= len(data)
        for use in binding.uses:
            assert 0 <= use.start < use.end <= len(data)
            text = data[use.start : use.end].decode("utf-8", "replace")
            assert binding.name in unicodedata.normalize("NFKC", text) or text.startswith(("%", "{"))
            assert (use.kind == "plain") == (use.note == "")
            assert use.kind in ("plain", "apart", "other")
    for join in result.joins:
        assert all(join.start <= start < end <= join.end for start, end in join.pieces)
        assert list(join.pieces) == sorted(join.pieces)


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_never_raises_on_bytes(data: bytes) -> None:
    check_shape(data)


PIECES = [
    '"a"', "'b'", '"""c"""', "f'{R}'", 'f"{R}/', '"', "{", "}", "(", ")", "[", "]", "R", "S", "self.R", ".", " ", "\n", "\n    ", "+", "%",
    "\\", "#", "=", ",", "def f(R='a'):", "class C:", "for R in ", "if ", "lambda R:", ":", "\x0c", "in ", "é", "global R", "import ",
    ".format(", "%s", "{}", "\r\n", "del ", "R = 'a'\n", "+=", ":=", "*", "match R:", "case ", "try:", "except E as R:", "with a as R:",
    "not ", " or ", " and ", " if ", " else ", "return ", "yield ", "await ", "async ", "t'{R}'",
]  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_never_raises_on_source(pieces: list[str]) -> None:
    check_shape(b"R = 'a'\n" + "".join(pieces).encode())


@settings(deadline=None, max_examples=100)
@given(program)
def test_shape_in_programs(source: str) -> None:
    check_shape(re.sub(r"\)!", ")", source).encode())
