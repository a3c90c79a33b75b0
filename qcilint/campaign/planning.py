"""Makes a plan: lints every repository, and writes patches and reports for review. Nothing is changed anywhere else."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import qcilint
from qcilint.campaign import burndown, folders, model, order, page, reviewing, texts, workers
from qcilint.campaign.clones import Cache, Tip
from qcilint.campaign.credentials import Credentials
from qcilint.campaign.errors import CampaignError, ChangeError
from qcilint.campaign.examine import Level, Result, examine, preload, stored
from qcilint.campaign.gitcli import Git
from qcilint.campaign.github import GitHubClient
from qcilint.campaign.model import Plan, Planned
from qcilint.campaign.progress import Progress
from qcilint.campaign.repositories import Repository, Shard, choose
from qcilint.campaign.settings import Settings
from qcilint.campaign.writing import Draft, Writer
from qcilint.discovery import printable
from qcilint.git import run_git
from qcilint.records import dataclass


def make(
    settings: Settings, credentials: Credentials, progress: Callable[[int], Progress], jobs: int, shard: Shard | None
) -> Plan:
    """Plan, and write the plan into its folder.

    Raises CampaignError and GitHubError; what fails for one repository stands in the plan.
    """
    texts.check(settings.pull_request)
    folders.check(settings.plan)
    author = author_of(settings)
    notes = progress(0)
    chosen = choose(settings, GitHubClient(settings.github, credentials, notes.line), shard)
    notes.close()
    plan = Plan(settings.name, int(time.time()), qcilint.__version__, settings.fix.unsafe)
    plan.shard = f"{shard.index}/{shard.count}" if shard else ""
    plan.skipped = chosen.skipped
    drafts, failed = collect(settings, credentials, chosen.repositories, progress, jobs)
    with folders.Replaced(settings.plan) as folder:
        writer = Writer(folder, settings, author, plan)
        for draft in drafts:
            writer.add(draft)
        plan.repositories += failed
        finish(folder, plan, settings)
    return plan


def collect(
    settings: Settings,
    credentials: Credentials,
    repositories: Sequence[Repository],
    progress: Callable[[int], Progress],
    jobs: int,
) -> tuple[list[Draft], list[Planned]]:
    """Lint repositories side by side; returns what was found, and the repositories that failed."""
    git = Git(credentials)
    cache = Cache(settings.cache, settings.github.git, git)
    level = Level(settings.fix, reviewing.check(settings.fix))
    shown = progress(len(repositories))
    drafts: list[Draft] = []
    failed: list[Planned] = []

    def keep(repository: Repository, name: str, result: Result) -> None:
        drafts.append(Draft(repository, name, result))
        shown.end(repository.key, _outcome(result))

    def fail(repository: Repository, reason: str) -> None:
        failed.append(Planned(repository.key, repository.name, repository.local, "", "", 0, 0, 0, "", reason))
        shown.end(repository.key, f"failed: {reason}")

    def ask(repository: Repository) -> _Asked | ChangeError:
        try:
            tip = cache.tip(repository)
            return _Asked(repository, remote_name(repository, settings, git), tip, stored(cache.folder, tip, level))
        except ChangeError as error:
            return error

    def task(asked: _Asked, say: Callable[[str], None]) -> Result:
        return examine(asked.repository, asked.tip, cache, level, say)

    try:
        left: list[_Asked] = []
        # First, in threads, who has anything new; they end before a worker is forked.
        with ThreadPoolExecutor(jobs) as pool:
            for repository, answer in zip(repositories, pool.map(ask, repositories), strict=True):
                if isinstance(answer, ChangeError):
                    fail(repository, str(answer))
                elif answer.known is not None:
                    keep(repository, answer.name, answer.known)
                else:
                    left.append(answer)
        if left:
            preload()
        for done in workers.run(left, task, jobs, lambda asked, text: shown.begin(asked.repository.key, text)):
            if done.error:
                fail(done.thing.repository, done.error)
            else:
                keep(done.thing.repository, done.thing.name, done.answer)
    finally:
        shown.close()
    return sorted(drafts, key=lambda draft: draft.repository.key), failed


@dataclass(frozen=True, slots=True)
class _Asked:
    """A repository whose newest commit is known, and the result for it if there is one."""

    repository: Repository
    name: str
    tip: Tip
    known: Result | None


def finish(folder: str, plan: Plan, settings: Settings) -> None:
    """Order the changes of a plan, and write its index and its reports."""
    _check_unique(plan)
    plan.repositories.sort(key=lambda planned: planned.key)
    plan.waits = order.blockers(plan.changes, settings.after)
    plan.changes = order.ordered(plan.changes, plan.waits)
    burndown.write(folder, plan)
    page.write(folder, plan)
    model.dump(plan, folder)


def _check_unique(plan: Plan) -> None:
    """No two changes may be one pull request: the same repository may be named by its path and by its name."""
    seen: set[tuple[str, str]] = set()
    for change in plan.changes:
        key = (change.repository.lower(), change.branch)
        if key in seen:
            raise CampaignError(f"{change.id} is planned twice; name the repository once")
        seen.add(key)


def author_of(settings: Settings) -> str:
    """Who signs the commits: as the settings say, else as git is set up. Raises CampaignError."""
    if settings.pull_request.author:
        return settings.pull_request.author
    asked = []
    for key in ("user.name", "user.email"):
        asked.append(os.fsdecode(run_git(os.path.dirname(settings.path), "config", "--get", key) or b"").strip())
    if not all(asked):
        raise CampaignError("who signs the commits? set pull-request.author = 'Name <mail>', or git's user.name and user.email")
    return f"{asked[0]} <{asked[1]}>"


def remote_name(repository: Repository, settings: Settings, git: Git) -> str:
    """`owner/name` of a repository; for a local one of its remote `upstream` or `origin`, else its path."""
    if not repository.local:
        return repository.name
    host = re.escape(re.sub(r"https?://", "", settings.github.git.rstrip("/")))
    pattern = re.compile(rf"(?:https?://(?:[^/@]+@)?{host}/|(?:ssh://)?git@{host}[:/])([^/\s]+/[^/\s]+?)(?:\.git)?/?")
    try:
        listing = git.text(repository.local, "config", "--get-regexp", r"^remote\.(upstream|origin)\.url$").splitlines()
    except ChangeError:
        return repository.name
    urls = dict(line.split(" ", 1) for line in listing)
    for remote in ("upstream", "origin"):
        if found := pattern.fullmatch(urls.get(f"remote.{remote}.url", "")):
            return found[1]
    return repository.name


def _outcome(result: Result) -> str:
    outcomes = [finding["outcome"] for finding in result["findings"]]
    fixed, left = outcomes.count("fixed"), outcomes.count("left")
    if not fixed and not left and not result["errors"]:
        return "nothing to do"
    text = f"{fixed} fixed in {texts.count(len(result['files']), 'file')}, {left} left"
    return text + (f", {texts.count(len(result['errors']), 'error')}" if result["errors"] else "")


def summary(plan: Plan) -> Iterator[str]:
    """What was planned, in a few lines."""
    failed = [planned for planned in plan.repositories if planned.error]
    fixed, left = sum(planned.fixed for planned in plan.repositories), sum(planned.left for planned in plan.repositories)
    yield (
        f"planned {texts.count(len(plan.changes), 'pull request')} for {texts.count(len(plan.repositories), 'repository')}: "
        f"{texts.count(fixed, 'reference')} to fix, {left:,} left alone"
    )
    for name, reason in plan.skipped:
        yield f"passed over: {printable(name)}: {printable(reason)}"
    for planned in failed:
        yield f"failed: {printable(planned.key)}: {printable(planned.error)}"
