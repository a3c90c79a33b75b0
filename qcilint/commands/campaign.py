"""`qcilint campaign`: from a list of repositories to merged pull requests."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from qcilint.campaign import workers
from qcilint.campaign.errors import CampaignError, ChangeError

if TYPE_CHECKING:
    from qcilint.campaign.credentials import Credentials
    from qcilint.campaign.model import Plan
    from qcilint.campaign.progress import Progress
    from qcilint.campaign.repositories import Shard
    from qcilint.campaign.running import Options, Run
    from qcilint.campaign.settings import Settings

DONE, LEFT, FAILED = 0, 1, 2

_DESCRIPTION = """\
Migrate many repositories: plan patches, review them, open pull requests, follow them until they merge.

  plan     lint every repository and write patches and reports for review; changes nothing else
  merge    put the plans of several shards together
  apply    open pull requests from the reviewed plan
  status   ask GitHub how they fare
  sync     make the fix again where a branch has moved on
  close    close pull requests and delete the branches that were made

The token is taken from GITHUB_TOKEN, or from the file that github.token-file names.
"""
_EPILOG = """\
exit code:
  0  done
  1  something failed or needs a look: it is listed
  2  wrong usage, wrong settings, no plan, or another campaign is under way
  130  interrupted; run the same command again to go on
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint campaign",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, text: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, description=text, help=text, allow_abbrev=False)
        added.add_argument("file", metavar="CAMPAIGN.toml", help="the settings of the campaign")
        return added

    plan = action("plan", "lint every repository and write patches and reports for review")
    plan.add_argument("--shard", metavar="I/N", help="only this part of the repositories, from 1/N to N/N")
    plan.add_argument("--into", metavar="FOLDER", help="where to write the plan (default: `plan` of the settings)")
    merge = action("merge", "put the plans of several shards together")
    merge.add_argument("folders", nargs="+", metavar="FOLDER", help="the plans of the shards, as --into named them")
    apply = action("apply", "open pull requests from the reviewed plan")
    apply.add_argument("--pace", type=_duration, metavar="TIME", help="time between two new pull requests, as 30s or 5m")
    apply.add_argument("--max-open", type=_number, metavar="N", help="pull requests open at the same time; 0: no limit")
    apply.add_argument("--draft", action="store_true", help="open drafts (default: pull-request.draft of the settings)")
    status = action("status", "ask GitHub how the pull requests fare")
    status.add_argument("--offline", action="store_true", help="do not ask: show what is known")
    sync = action("sync", "make the fix again where a branch has moved on, and update its pull request")
    close = action("close", "close the open pull requests and delete the branches that were made; says only what it would do")
    close.add_argument("--yes", action="store_true", help="do it")
    for each in (apply, sync):
        each.add_argument(
            "--dry-run", action="store_true", help="say what would be done; changes nothing on GitHub nor in the state"
        )
    for each in (apply, sync, close):
        each.add_argument(
            "--only",
            action="append",
            default=[],
            metavar="WHAT",
            help="a state (pending, pushed, open, merged, closed, failed) or a pattern of repositories or changes; repeatable",
        )
    for each in (plan, merge, status):
        each.add_argument("--format", choices=("text", "json"), default="text", help="what is printed (default: %(default)s)")
    for each in (plan, sync):
        each.add_argument(
            "--jobs",
            type=_jobs,
            default=workers.default_jobs(),
            metavar="N",
            help="repositories at a time (default: %(default)s)",
        )
    return parser


def _duration(text: str) -> float:
    from qcilint.campaign.settings import duration

    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a whole number from 0")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Do one action; returns the exit code."""
    from qcilint.campaign import credentials, settings

    try:
        campaign = settings.load(options.file)
        secret = credentials.find(campaign.github)
        actions = {"plan": _plan, "merge": _merge, "apply": _apply, "status": _status, "sync": _sync, "close": _close}
        return actions[options.action](options, campaign, secret)
    except (CampaignError, ChangeError) as error:
        print(f"qcilint: error: {error}", file=sys.stderr)
        return FAILED


def _progress(total: int) -> Progress:
    from qcilint.campaign.progress import Progress

    return Progress(sys.stderr, total)


def _plan(options: argparse.Namespace, settings: Settings, secret: Credentials) -> int:
    from dataclasses import replace
    from os.path import abspath

    from qcilint.campaign import planning

    if options.into:
        settings = replace(settings, plan=abspath(options.into))
    plan = planning.make(settings, secret, _progress, options.jobs, _shard(options.shard))
    return _show_plan(plan, settings, options.format)


def _merge(options: argparse.Namespace, settings: Settings, _: Credentials) -> int:
    from qcilint.campaign import merge

    return _show_plan(merge.merge(settings, options.folders), settings, options.format)


def _show_plan(plan: Plan, settings: Settings, form: str) -> int:
    from os.path import join

    from qcilint.campaign import burndown, page, planning
    from qcilint.discovery import printable

    if form == "json":
        from qcilint.campaign.documents import plan_text

        print(plan_text(plan, settings.plan))
    else:
        print("\n".join(planning.summary(plan)))
        for name in (page.NAME, burndown.NAME):
            print(printable(join(settings.plan, name)))
    return LEFT if any(each.error for each in plan.repositories) else DONE


@contextmanager
def _run(settings: Settings, secret: Credentials, options: Options, *, alone: bool = True) -> Iterator[Run]:
    """A run with its state open; `alone`: no other run may be under way."""
    from qcilint.campaign.branches import Branches
    from qcilint.campaign.clones import Cache
    from qcilint.campaign.gitcli import Git
    from qcilint.campaign.github import GitHubClient
    from qcilint.campaign.locks import locked
    from qcilint.campaign.pulls import Pulls
    from qcilint.campaign.running import Run
    from qcilint.campaign.state import State

    cache = Cache(settings.cache, settings.github.git, Git(secret))
    client = GitHubClient(settings.github, secret, lambda text: print(text, file=sys.stderr, flush=True))
    with locked(settings.state + ".lock", wait=False) if alone else nullcontext():
        state = State(settings.state, dry_run=options.dry_run)
        try:
            yield Run(settings, state, Pulls(client), Branches(cache, settings.plan), options, _say)
        finally:
            state.close()


def _say(text: str) -> None:
    from qcilint.discovery import printable

    print(printable(text), flush=True)


def _apply(options: argparse.Namespace, settings: Settings, secret: Credentials) -> int:
    from qcilint.campaign.apply import apply
    from qcilint.campaign.running import Options

    wanted = Options(
        pace=settings.apply.pace if options.pace is None else options.pace,
        max_open=settings.apply.max_open if options.max_open is None else options.max_open,
        draft=options.draft or settings.pull_request.draft,
        only=tuple(options.only),
        dry_run=options.dry_run,
    )
    _need_token(secret)
    with _run(settings, secret, wanted) as run:
        done = apply(run, _load(settings))
    would = "would have " if options.dry_run else ""
    print(f"{would}opened {done.opened}, updated {done.updated}; failed {done.failed}, waiting {done.waiting}")
    return LEFT if done.failed else DONE


def _load(settings: Settings) -> Plan:
    from qcilint.campaign import folders, model

    folders.recover(settings.plan)
    plan = model.load(settings.plan)
    if plan.campaign != settings.name:
        raise CampaignError(f"{settings.plan}: the plan of campaign {plan.campaign}, not of {settings.name}; make the plan again")
    if plan.shard:
        raise CampaignError(f"{settings.plan}: only shard {plan.shard}; put the shards together with qcilint campaign merge")
    return plan


def _need_token(secret: Credentials) -> None:
    if not secret:
        raise CampaignError("no GitHub token: set GITHUB_TOKEN, or github.token-file in the settings")


def _status(options: argparse.Namespace, settings: Settings, secret: Credentials) -> int:
    from qcilint.campaign import status
    from qcilint.campaign.running import Options

    with _run(settings, secret, Options(), alone=False) as run:
        failed = [] if options.offline else status.refresh_all(run.state, run.pulls)
        records = list(run.state.all())
    for key, reason in failed:
        print(f"{key}: {reason}", file=sys.stderr)
    if options.format == "json":
        from qcilint.campaign.documents import status_text

        print(status_text(settings.name, records, failed))
    else:
        print("\n".join(status.lines(records)))
    return LEFT if failed or any(map(status.needs_a_look, records)) else DONE


def _sync(options: argparse.Namespace, settings: Settings, secret: Credentials) -> int:
    from qcilint.campaign.running import Options
    from qcilint.campaign.sync import sync

    _need_token(secret)
    with _run(settings, secret, Options(only=tuple(options.only), dry_run=options.dry_run)) as run:
        done = sync(run, _load(settings), secret, _progress, options.jobs)
    print(f"{'would have ' if options.dry_run else ''}updated {done.updated}; failed {done.failed}")
    return LEFT if done.failed else DONE


def _close(options: argparse.Namespace, settings: Settings, secret: Credentials) -> int:
    from qcilint.campaign.close import close
    from qcilint.campaign.running import Options

    _need_token(secret)
    with _run(settings, secret, Options(only=tuple(options.only), dry_run=not options.yes)) as run:
        done = close(run)
    would = "" if options.yes else "would have "
    print(f"{would}closed {done.closed}, deleted {done.deleted} branches; failed {done.failed}")
    if not options.yes and (done.closed or done.deleted):
        print("nothing was done: give --yes to do it")
    return LEFT if done.failed else DONE


def _shard(text: str | None) -> Shard | None:
    from qcilint.campaign.repositories import Shard

    try:
        return Shard.parse(text) if text else None
    except ValueError as error:
        raise CampaignError(f"--shard: {error}") from None
