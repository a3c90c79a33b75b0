"""What is installed: a wheel carries every rule, as an editable install does."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_wheel_carries_the_code_and_the_rules(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        rules = {path.name: path.read_bytes() for path in (ROOT / "rules").glob("*.toml")}
        assert rules
        for name, content in rules.items():
            assert archive.read(f"qcilint/rules/{name}") == content
        for path in (ROOT / "qcilint/presets").glob("*.toml"):
            assert archive.read(f"qcilint/presets/{path.name}") == path.read_bytes()
        for path in (path for end in ("py", "json", "css", "js") for path in (ROOT / "qcilint").rglob(f"*.{end}")):
            assert f"qcilint/{path.relative_to(ROOT / 'qcilint')}" in names
        archive.extractall(tmp_path / "site")
    text = "from qcilint.ruleset import load_builtin; print(*load_builtin().by_id)"
    installed = subprocess.run([sys.executable, "-c", text], cwd=tmp_path / "site", capture_output=True, text=True, check=True)
    assert sorted(installed.stdout.split()) == sorted(name.removesuffix(".toml") for name in rules if not name.startswith("_"))


def test_this_install_sees_the_same_rules() -> None:
    assert {entry.name for entry in files("qcilint.rules").iterdir() if entry.name.endswith(".toml")} == {
        path.name for path in (ROOT / "rules").glob("*.toml")
    }
