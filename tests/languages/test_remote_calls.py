"""Which calls of programs run a command on another machine."""

from __future__ import annotations

import pytest

from qcilint import languages
from qcilint.context import Context
from qcilint.languages.remote_calls import runs_elsewhere
from qcilint.locate import Locator

OLD = "registry.ci.openshift.org/ocp/4.20:cli"


def context(language: str, text: str) -> Context:
    data = text.replace("OLD", OLD).encode()
    spans = [(found.start, found.end) for found in Locator(["registry.ci.openshift.org"]).locate(data)]
    return languages.contexts(language, data, spans)[0]


@pytest.mark.parametrize(
    ("callee", "elsewhere"),
    [
        ("ssh.exec_command", True),
        ("client.exec_command", True),
        ("node.ssh", True),
        ("run_remote", True),
        ("runRemote", True),
        ("sshCommand", True),
        ("remote_cmd", True),
        ("conn.run", True),
        ("self.connection.sudo", True),
        ("host.run", True),
        ("runOnHost", True),
        ("RUN_ON", True),
        ("cluster.invoke_on", True),
        ("SSHClient.run", True),
        ("subprocess.run", False),
        ("os.system", False),
        ("connect", False),
        ("hostname", False),
        ("localhost.run", False),
        ("sshagent", False),
        ("exec.Command", False),
        ("nodejs", False),
        ("sh", False),
        ("reconnect.apply", False),
    ],
)
def test_names(callee: str, elsewhere: bool) -> None:
    assert runs_elsewhere(callee) is elsewhere


CALLS = [
    ("python", 'ssh.exec_command("podman pull OLD")', True),
    ("python", 'node.ssh(f"sudo podman pull OLD")', True),
    ("python", 'node.ssh(["podman", "pull", "OLD"])', True),
    ("python", 'run_remote(n, cmd="podman pull OLD")', True),
    ("python", 'cmd = "podman pull OLD"\nssh.exec_command(cmd)', True),
    ("python", 'class A:\n  def f(self):\n    self.cmd = "podman pull OLD"\n    self.node.run(n, self.cmd, True)', True),
    ("python", 'cmd = ["podman", "pull", "OLD"]\nhost.run(" ".join(cmd))', True),
    ("python", 'print "x"\ncmd = "podman pull OLD"\nnode.ssh(cmd)', True),
    ("python", 'subprocess.run("podman pull OLD", shell=True)', False),
    ("python", 'subprocess.run(["podman", "pull", "OLD"])', False),
    ("python", 'cmd = "podman pull OLD"\nssh.exec_command(other)\nos.system(cmd)', False),
    ("python", 'cmd = "podman pull OLD"\nssh.exec_command("cmd")\nos.system(cmd)', False),
    ("python", 'cmd = "podman pull OLD"\nssh.exec_command(x); os.system(cmd)', False),
    ("groovy", "sshCommand remote: r, command: 'podman pull OLD'", True),
    ("groovy", "def out = sshCommand remote: r, command: 'podman pull OLD'", True),
    ("groovy", "sshCommand(remote: r, command: 'podman pull OLD')", True),
    ("groovy", "def cmd = 'podman pull OLD'\nrunOnNode(n, cmd)", True),
    ("groovy", "sh 'podman pull OLD'", False),
    ("groovy", "node('x') {\n  sh 'podman pull OLD'\n}", False),
    ("groovy", "sshagent(['k']) {\n  sh 'podman pull OLD'\n}", False),
    ("go", 'runOnNode(ctx, "podman pull OLD")', True),
    ("go", 'cmd := "podman pull OLD"\nout, err := node.Run(cmd)', True),
    ("go", 'exec.Command("podman", "pull", "OLD")', False),
    ("javascript", 'conn.exec("podman pull OLD")', True),
    ("javascript", 'exec("podman pull OLD")', False),
]


@pytest.mark.parametrize(("language", "text", "remote"), CALLS)
def test_commands_that_run_elsewhere(language: str, text: str, remote: bool) -> None:
    found = context(language, text)
    assert ("remote" in found.labels) is remote
    assert found.where == "command:pull" or "formatted" in found.labels


def test_many_calls_in_linear_time() -> None:
    text = 'cmd = "podman pull OLD"\n' + "ssh.run(" * 20_000 + "x" * 100_000
    assert "remote" not in context("javascript", text).labels
