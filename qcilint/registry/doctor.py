"""What stands in the way of a pull from QCI, as far as the auth files tell, and the commands that mend it."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qcilint.qci import PROXY, REPOSITORY
from qcilint.registry.authfiles import host_of
from qcilint.registry.logins import Found, Login, survey

OLD = "registry.ci.openshift.org"
CI_HOSTS = ".ci.openshift.org"
OC_LOGIN = "oc login --web https://api.ci.l2s4.p1.openshiftapps.com:6443"
"""The API of app.ci, whose tokens the proxy accepts."""


class Problem(NamedTuple):
    """Something that is wrong, and what mends it."""

    id: str
    text: str
    commands: tuple[str, ...]
    path: str = ""
    """The file it is about."""


class Used(NamedTuple):
    """The login that a registry gets."""

    host: str
    found: Found
    login: Login


class Diagnosis(NamedTuple):
    """What was found."""

    files: list[Found]
    used: dict[str, Used | None]
    """Registry → its login."""
    problems: list[Problem]


def diagnose(environment: Mapping[str, str]) -> Diagnosis:
    """Look at the auth files; asks nobody."""
    files = survey(environment)
    used = {host: _used(files, host, repository) for host, repository in ((PROXY, REPOSITORY), (OLD, ""))}
    problems = [*_of_files(files), *_of_logins(files), *_of_proxy(files, used)]
    return Diagnosis(files, used, problems)


def podman_login(key: str = PROXY, path: str = "") -> str:
    """The command that logs in, and writes into the file at `path` if given; any user name will do."""
    file = f" --authfile {shlex.quote(path)}" if path else ""
    return f'podman login -u unused -p "$(oc whoami -t)"{file} {shlex.quote(key)}'


def _used(files: Sequence[Found], host: str, repository: str) -> Used | None:
    for found in files:
        if found.place.is_read and (login := found.login(host, repository)):
            return Used(host, found, login)
    return None


def _of_files(files: Sequence[Found]) -> Iterator[Problem]:
    for found in files:
        path, quoted = found.place.path, shlex.quote(found.place.path)
        if found.problem and found.place.is_read:
            mend = (f"mv {quoted} {shlex.quote(path + '.broken')}", OC_LOGIN, podman_login())
            if "JSON" not in found.problem and "type" not in found.problem:
                mend = (f"ls -ld {quoted}", f"chmod u+r {quoted}", "qcilint doctor")
            yield Problem("unusable-file", f"{path} {_is(found.problem)}: no tool finds a login in it", mend, path)
        if found.mode & 0o077 and any(login.is_secret for login in found.logins):
            yield Problem(
                "open-file",
                f"{path} can be read by others (mode {found.mode:04o}), and holds logins",
                (f"chmod 600 {quoted}",),
                path,
            )


def _is(problem: str) -> str:
    return problem if problem.startswith(("is ", "has ")) else f"cannot be read ({problem})"


def _of_logins(files: Sequence[Found]) -> Iterator[Problem]:
    for found in files:
        path, quoted = found.place.path, shlex.quote(found.place.path)
        if not found.place.is_read:
            continue
        if found.is_store_missing:
            text = f"{path} leaves logins to docker-credential-{found.store}, which is not in PATH"
            yield Problem("missing-helper", text, (_jq("del(.credsStore)", quoted), podman_login(PROXY, path)), path)
        for login in found.logins:
            host, again = host_of(login.key), podman_login(login.key, path)
            if login.is_helper_missing:
                text = f"{path} leaves the login for {login.key} to docker-credential-{login.helper}, which is not in PATH"
                yield Problem("missing-helper", text, (_jq(f"del(.credHelpers[{json.dumps(login.key)}])", quoted), again), path)
            if login.kind == "broken":
                text = f"the login for {login.key} in {path} is no valid base64"
                yield Problem("broken-login", text, (_jq(f"del(.auths[{json.dumps(login.key)}])", quoted), again), path)
            if not host.endswith(CI_HOSTS):
                continue
            if login.has_colon:
                text = (
                    f"the user name of the login for {login.key} in {path} holds a colon, as that of every ServiceAccount does:"
                    " Basic authentication ends the name there, and what it takes for the password is refused"
                )
                yield Problem("colon-in-user-name", text, (again,), path)
            if login.expires is not None and login.expires < time.time():
                text = (
                    f"the login for {login.key} in {path} ran out on {date(login.expires)}: pulls fail, even those that need none"
                )
                yield Problem("expired-login", text, (OC_LOGIN, again), path)


def _of_proxy(files: Sequence[Found], used: Mapping[str, Used | None]) -> Iterator[Problem]:
    if used[PROXY] is not None:
        return
    text = f"there is no login for {PROXY}, which serves nothing without one"
    if old := used[OLD]:
        text += f"; the one for {OLD} in {old.found.place.path} is for another registry and is not sent to it"
    commands = [OC_LOGIN, podman_login()]
    hidden = next((found for found in files if not found.place.is_read and found.login(PROXY, REPOSITORY)), None)
    if hidden:
        text += f"; {hidden.place.path} has one, but {hidden.place.hidden_by} names the only file that is read"
        commands = [f"unset {hidden.place.hidden_by}"]
    yield Problem("no-login", text, tuple(commands))


def _jq(filter_: str, quoted: str) -> str:
    return f"(umask 077; jq {shlex.quote(filter_)} {quoted} > {quoted}.new) && mv {quoted}.new {quoted}"


def date(seconds: float) -> str:
    """A time for people, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
