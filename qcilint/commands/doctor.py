"""`qcilint doctor`: why an image cannot be pulled from QCI, and what mends it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qcilint.commands.registries import usable
from qcilint.discovery import printable
from qcilint.registry.doctor import Diagnosis, Problem, date, diagnose
from qcilint.registry.logins import Found, Login

if TYPE_CHECKING:
    from qcilint.registry.client import State

FINE, PROBLEMS = 0, 1
VERSION = 1

EPILOG = """\
It reads the files that podman, skopeo, buildah, docker and oc keep logins in, in their order, and prints names and dates: never a
user name, a password or a token. Without --online nothing is sent to anybody.

exit code:
  0  nothing is wrong
  1  there are problems; each comes with the commands that mend it
  2  wrong usage

examples:
  qcilint doctor
  qcilint doctor --online      also log in to the proxy and ask for an image
  qcilint doctor --format json
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint doctor",
        description="Find out why images cannot be pulled from QCI: look at the logins on this machine.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--online", action="store_true", help="log in to the proxy, and ask for an image that is always there")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    parser.add_argument("--ca-file", metavar="FILE", help="with --online: trust the certificates in FILE, too")
    parser.add_argument(
        "--verify-registry", metavar="HOST=URL", action="append", default=[], help="with --online: ask URL instead of HOST"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Look, ask if wanted, and print; returns the exit code."""
    if not options.online and (options.ca_file or options.verify_registry):
        parser().error("--ca-file and --verify-registry go with --online")
    diagnosis = diagnose(os.environ)
    problems, state = list(diagnosis.problems), None
    if options.online:
        with usable("--online"):
            from qcilint.registry.online import ask, problem_of
            from qcilint.registry.settings import Settings, endpoints

            state = ask(Settings(endpoints(options.verify_registry), options.ca_file or ""))
            if problem := problem_of(state):
                problems.append(problem)
    if options.format == "json":
        import json

        print(json.dumps(_document(diagnosis, problems, state), indent=2))
    else:
        for line in _lines(diagnosis, problems, state):
            print(printable(line))
    return PROBLEMS if problems else FINE


def _lines(diagnosis: Diagnosis, problems: list[Problem], state: State | None) -> Iterator[str]:
    yield "Files with logins, in the order in which they are read:"
    for found in diagnosis.files:
        yield f"  {found.place.path} ({found.place.source}): {_told(found)}"
        yield from (f"    {login.key}: {_of_login(login)}" for login in found.logins)
        if found.store:
            yield f"    every other registry: docker-credential-{found.store}"
    yield ""
    for host, used in diagnosis.used.items():
        yield f"{host}: the login in {used.found.place.path} is used" if used else f"{host}: no login"
    if state is not None and state.digest:
        from qcilint.registry.online import WELL_KNOWN

        yield f"{WELL_KNOWN} can be pulled ({state.digest})"
    for problem in problems:
        yield ""
        yield f"problem: {problem.text}"
        yield "  mend it with:"
        yield from (f"    {command}" for command in problem.commands)
    yield ""
    yield f"{len(problems)} problem{'s' * (len(problems) != 1)}" if problems else "nothing is wrong"


def _told(found: Found) -> str:
    if not found.place.is_read:
        there = "not there, and not read" if not found.exists else "not read"
        return f"{there}: {found.place.hidden_by} names another file"
    if not found.exists:
        return "not there"
    if found.problem:
        return found.problem
    return f"{len(found.logins)} login{'s' * (len(found.logins) != 1)}, mode {found.mode:04o}"


def _of_login(login: Login) -> str:
    if login.kind == "helper":
        return f"docker-credential-{login.helper}{' (not in PATH)' if login.is_helper_missing else ''}"
    if login.kind == "jwt" and login.expires is not None:
        import time

        return f"a token, {'ran out on' if login.expires < time.time() else 'good until'} {date(login.expires)}"
    return {
        "token": "a token of OpenShift; when it runs out cannot be told offline",
        "jwt": "a token that does not say when it runs out",
        "password": "a password",
        "identity": "an identity token; when it runs out cannot be told offline",
        "empty": "no login (an empty entry)",
        "broken": "an entry that cannot be read",
    }[login.kind]


def _document(diagnosis: Diagnosis, problems: list[Problem], state: State | None) -> dict[str, Any]:
    return {
        "version": VERSION,
        "files": [
            {
                "path": found.place.path,
                "source": found.place.source,
                "read": found.place.is_read,
                "hidden_by": found.place.hidden_by or None,
                "exists": found.exists,
                "mode": f"{found.mode:04o}" if found.exists else None,
                "problem": found.problem or None,
                "store": found.store or None,
                "logins": [
                    {"registry": login.key, "kind": login.kind, "expires": login.expires, "helper": login.helper or None}
                    for login in found.logins
                ],
            }
            for found in diagnosis.files
        ],
        "used": {host: used.found.place.path if used else None for host, used in diagnosis.used.items()},
        "online": {"state": state.state, "digest": state.digest or None, "reason": state.reason or None} if state else None,
        "problems": [
            {"id": each.id, "text": each.text, "path": each.path or None, "commands": list(each.commands)} for each in problems
        ],
    }
