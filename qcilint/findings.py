"""What is said of one reference."""

from __future__ import annotations

from qcilint.ci_operator.aliases import Alias
from qcilint.composition import Composed
from qcilint.context import Context
from qcilint.edits import Edit
from qcilint.records import dataclass, field
from qcilint.reference import Reference


@dataclass(slots=True)
class Finding:
    """One reference, judged. `start..end` of its reference are bytes of the file."""

    reference: Reference
    context: Context
    rule: str
    """Rule id; empty where no rule names the host of the reference."""
    name: str
    severity: str
    message: str
    level: str
    """`safe` (fixed unasked), `unsafe` (only with `--unsafe-fixes`) or `none`."""
    replacement: str | None
    reason: str
    """Why there is no fix, why it is unsafe, or why the reference is kept; empty for a safe fix."""
    kept: bool = False
    """Legitimate, or silent by the user's word: not reported, no edit."""
    silenced: str = ""
    """What made it silent that would be reported: `configuration`, `suppression`, `baseline`, `scope`, or empty."""
    about: str = ""
    """What it is about instead of a reference (`ruleset.ABOUT`); its `reference` spans the text that it is said of."""
    follows: bool = False
    """Fixed as the other references of the same text in this file are."""
    appends: bool = False
    """The replacement is added to the list that the reference stands in; the reference itself stays."""
    aliases: tuple[Alias, ...] = ()
    """Lists of input aliases that hold its text: each needs the replacement too."""
    is_coupled: bool = False
    """Something else in the repository looks for its text."""
    partners: tuple[int, ...] = ()
    """Where texts start that must stay equal to this one and change with it."""
    together: bool = False
    """Its Dockerfile is fixed as a whole or not at all."""
    group: tuple[str, int] | None = None
    """Findings of one group are fixed together or not at all."""
    related: list[tuple[str, int, str]] = field(default_factory=list)
    """Other places that decided: path, line (0: none), what stands there."""
    composed: Composed | None = None
    """What the reference is put together from, where it does not stand whole in one place."""
    templates: tuple[str, ...] = ()
    """The templates of the replacements: one, or one for each alternative of a composed reference."""
    replacements: tuple[str, ...] = ()
    """What each alternative of a composed reference becomes."""
    edits: tuple[Edit, ...] = ()
    """The edits of a composed reference; without them the replacement takes the place of the reference."""
    verified: str = ""
    """What the registry says of the replacement: `present`, `absent`, `unknown`; empty where it was not asked."""
    note: str = ""
    """What else is to be said of the fix."""

    def refuse(self, reason: str) -> None:
        """Take its fix back, and say why."""
        self.level, self.replacement, self.follows, self.reason = "none", None, False, reason
        self.appends, self.edits = False, ()

    def withhold(self, reason: str) -> None:
        """Make a safe fix an unsafe one, and say why."""
        if self.level == "safe" and not self.appends:
            self.level, self.reason, self.group = "unsafe", reason, None

    @property
    def fails(self) -> bool:
        """Whether this finding makes a run fail."""
        return not self.kept and self.severity != "note"

    def fixable(self, *, unsafe: bool) -> bool:
        """Whether it has a fix of the wanted level."""
        return not self.kept and self.replacement is not None and (self.level == "safe" or (unsafe and self.level == "unsafe"))
