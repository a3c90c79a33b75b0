"""Writing suppression comments: where each kind of file has them, and where none can be."""

from __future__ import annotations

import pytest

from qcilint.ignores import add

from .conftest import DEAD, LINTER, OLD, Repository, git, lint, qcilint

C = "qcilint: ignore[QCI102] why"
OTHER = OLD.replace(":cli", ":base")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("x.sh", f"  podman pull {OLD}\n", f"  podman pull {OLD}  # {C}\n", id="shell"),
        pytest.param("x.sh", f"podman pull \\\n  {OLD} \\\n  x\n", f"# {C}\npodman pull \\\n  {OLD} \\\n  x\n", id="shell, three lines"),
        pytest.param(
            "x.sh", f"podman pull {OLD} {DEAD}\n", f"podman pull {OLD} {DEAD}  # qcilint: ignore[QCI101, QCI102] why\n", id="two rules"
        ),
        pytest.param(
            "x.sh", f"podman pull {OLD} {DEAD} # qcilint: ignore[QCI101] x\n",
            f"podman pull {OLD} {DEAD} # qcilint: ignore[QCI101, QCI102] x\n", id="a comment is there",
        ),
        pytest.param("Dockerfile", f"FROM {OLD}\n", f"# {C.replace('102', '103')}\nFROM {OLD}\n", id="Dockerfile"),
        pytest.param(
            "Dockerfile", f"FROM a\nRUN x && \\\n  podman pull {OLD}\n", f"FROM a\n# {C.replace('102', '103')}\nRUN x && \\\n  podman pull {OLD}\n",
            id="Dockerfile, RUN",
        ),
        pytest.param("Makefile", f"X = {OLD}\na:\n\tpodman pull {OLD}\n", f"# {C}\nX = {OLD}\na:\n\tpodman pull {OLD}  # {C}\n", id="make"),
        pytest.param("x.yaml", f"a:\n- image: {OLD}\n", f"a:\n- image: {OLD}  # {C}\n", id="YAML"),
        pytest.param("x.yaml", f"run: |\n  podman pull {OLD}\n  x\n", f"run: |  # {C}\n  podman pull {OLD}\n  x\n", id="YAML, at the key"),
        pytest.param(
            "x.yaml", f"run: |\n  podman pull {OLD}\n  podman pull {OTHER}\n", f"run: |  # {C}\n  podman pull {OLD}\n  podman pull {OTHER}\n",
            id="YAML, once for the whole scalar",
        ),
        pytest.param("x.py", f'a = "{OLD}"\n', f'a = "{OLD}"  # {C}\n', id="Python"),
        pytest.param("x.go", f'\ta := "{OLD}"\n', f'\ta := "{OLD}"  // {C}\n', id="Go"),
        pytest.param("x.go", f"// {OLD}\nx\n", f"// {C}\n// {OLD}\nx\n", id="Go, a comment"),
        pytest.param("x.md", f"Use {OLD} here.\n", f"Use {OLD} here.  <!-- {C} -->\n", id="Markdown"),
        pytest.param("x.md", f"```sh\npodman pull {OLD}\n```\n", f"<!-- {C} -->\n```sh\npodman pull {OLD}\n```\n", id="Markdown, a fence"),
        pytest.param("x.ini", f"a = {OLD}\n", f"# {C}\na = {OLD}\n", id="ini"),
        pytest.param("x.tf", f'a = "{OLD}"\n', f'a = "{OLD}"  # {C}\n', id="Terraform"),
        pytest.param("x.html", f"<p>{OLD}</p>\n", f"<!-- {C} -->\n<p>{OLD}</p>\n", id="HTML"),
        pytest.param("x.html.j2", f"<p>{OLD}</p>\n", f"<!-- {C} -->\n<p>{OLD}</p>\n", id="HTML, a template"),
        pytest.param("x.mdx", f"# T\n\nUse {OLD} here.\n", f"# T\n\n{{/* {C} */}}\nUse {OLD} here.\n", id="MDX"),
        pytest.param("x.ps1", f"podman pull {OLD}\n", f"# {C}\npodman pull {OLD}\n", id="PowerShell"),
        pytest.param("x.bat", f"podman pull {OLD}\n", f"rem {C}\npodman pull {OLD}\n", id="a batch file"),
        pytest.param("x.jsonnet", f'{{a: "{OLD}"}}\n', f'// {C}\n{{a: "{OLD}"}}\n', id="Jsonnet"),
        pytest.param("CMakeLists.txt", f"image({OLD})\n", f"# {C}\nimage({OLD})\n", id="CMake"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_where_a_comment_goes(path: str, before: str, after: str, ending: str) -> None:
    text = before.replace("\n", ending).encode()
    result = lint(text, path)
    data, left = add(result.source, result.language, result.findings, lambda new: LINTER.relint(result, new).findings, "why")
    assert (data, left) == (after.replace("\n", ending).encode(), [])
    assert [finding.rule for finding in lint(data, path).findings if not finding.kept] == []


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        pytest.param("x.json", f'{{"image": "{OLD}"}}\n', [1], id="JSON"),
        pytest.param("x.py", f'a = """\npodman pull {OLD}\n"""\n', [2], id="Python, a string over lines"),
        pytest.param("Dockerfile", f"# syntax={OLD}\nFROM x\n", [1], id="Dockerfile, a parser directive"),
        pytest.param("x.tsx", f"return <i>FROM {OLD}</i>\n", [1], id="JSX"),
        pytest.param("x.go", f"a := `\n{OLD}\n`\n", [2], id="Go, a raw string"),
        pytest.param("x.sh", f"cat <<EOF > x.txt\n{OLD}\nEOF\n", [2], id="shell, a heredoc"),
        pytest.param("x.yaml", f'a: "x\n  {OLD}\n  y"\n', [2], id="YAML, a string over lines"),
        pytest.param("x.yaml", f"a: x\n  {OLD}\n  y\n", [2], id="YAML, words over lines"),
        pytest.param("x.tex", f"Use {OLD} here.\n", [1], id="TeX"),
        pytest.param("x", f"{OLD}\n", [1], id="no known kind of file"),
    ],
)
def test_where_none_can_be(path: str, text: str, lines: list[int]) -> None:
    result = lint(text.encode(), path)
    data, left = add(result.source, result.language, result.findings, lambda new: LINTER.relint(result, new).findings, "why")
    assert (data, [each.line for each in left]) == (text.encode(), lines)


def test_add_ignores(repository: Repository) -> None:
    root = repository({"a.sh": f"podman pull {OLD}\n", "b.json": f'{{"image": "{OLD}"}}\n', "c.sh": "true\n"})
    done = qcilint("--add-ignores", "not yet", cwd=root)
    assert done.returncode == 1
    assert done.stdout.decode() == (
        "b.json:1: QCI102: no comment can stand here; name the file under per-path-ignores in the configuration\n"
        "wrote comments into 1 file; 1 line got none\n"
    )
    assert git(root, "diff", "--name-only") == "a.sh\n"
    assert qcilint("a.sh", cwd=root).returncode == 0
    before = (root / "a.sh").read_bytes()
    assert qcilint("--add-ignores", "again", "a.sh", cwd=root).returncode == 0
    assert (root / "a.sh").read_bytes() == before


def test_exit_zero(repository: Repository) -> None:
    root = repository({"a.json": f'{{"a": "{OLD}"}}\n'})
    for options, code in (([], 1), (["--exit-zero"], 0)):
        done = qcilint("--add-ignores", "why", *options, cwd=root)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (code, b"wrote comments into 0 files; 1 line got none")


@pytest.mark.parametrize(
    "arguments",
    [["--add-ignores", "x", "--fix"], ["--add-ignores", " "], ["--add-ignores", "a\nb"], ["--add-ignores", "a --> b"],
     ["--add-ignores", "x", "--no-suppressions"], ["--add-ignores", "x", "--stdin-filename", "y"]],
)  # fmt: skip
def test_wrong_use(repository: Repository, arguments: list[str]) -> None:
    done = qcilint(*arguments, cwd=repository({"a": ""}))
    assert done.returncode == 2
    assert b"--add-ignores w" in done.stderr
