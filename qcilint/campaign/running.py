"""What the steps of one run share: where to read, where to write, and whether to do or only to say."""

from __future__ import annotations

from collections.abc import Callable

from qcilint.campaign.branches import Branches
from qcilint.campaign.pulls import Pulls
from qcilint.campaign.settings import Settings
from qcilint.campaign.state import OPEN, State
from qcilint.records import dataclass, field

TRIES = 3
"""Times that a step is begun again where something changed, or may have happened, in between."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for."""

    pace: float = 0.0
    """Seconds between two pull requests."""
    max_open: int = 0
    """0: no limit."""
    draft: bool = False
    only: tuple[str, ...] = ()
    """States, or patterns of repositories or changes; empty: all that is not done."""
    dry_run: bool = False


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    opened: int = 0
    updated: int = 0
    failed: int = 0
    waiting: int = 0
    closed: int = 0
    deleted: int = 0


class Stop(Exception):
    """No more pull requests may be open now."""


@dataclass(slots=True)
class Run:
    """One run."""

    settings: Settings
    state: State
    pulls: Pulls
    work: Branches
    options: Options
    say: Callable[[str], None]
    outcome: Outcome = field(default_factory=Outcome)
    _login: str | None = None

    @property
    def login(self) -> str:
        """The account of the token."""
        if self._login is None:
            self._login = self.pulls.login()
        return self._login

    def do(self, key: str, text: str, action: Callable[[], None]) -> None:
        """Say what is done to a change, and do it; in a dry run only say so."""
        if self.options.dry_run:
            self.say(f"{key}: would {text}")
            return
        self.say(f"{key}: {text}")
        action()

    def may_open(self, key: str) -> None:
        """Raises Stop where as many pull requests are open as may be, and that of this change is not."""
        if not self.options.max_open or self.state.get(key).state == OPEN:
            return
        planned = self.outcome.opened if self.options.dry_run else 0
        if sum(record.state == OPEN for record in self.state.all()) + planned >= self.options.max_open:
            raise Stop
