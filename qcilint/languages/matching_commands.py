"""Commands that match or edit text: grep, sed, awk, perl, jq, yq and the like; their programs, and the files they work on."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages import command_tables as tables
from qcilint.languages.command_roles import Reading
from qcilint.languages.command_words import Argument

_PERL_PROGRAM = re.compile(r"-[A-Za-z0-9]*[eE]")
_PERL_ARGUMENT = re.compile(r"-[A-HJ-Za-hj-z0]*[iIMmxCDF]")
"""Perl switches whose argument is the rest of the word (perlrun)."""
_SED = re.compile(tables.SED_CALL)


class MatcherReading(Reading):
    """Words of a command that may be one that matches text."""

    def is_matcher(self, at: int, tool: str) -> bool:
        """Whether the command at word `at` matches or edits text."""
        second = self.words[at + 1].text if at + 1 < self.end else ""
        if tool == "kustomize":
            return [word.text for word in self.words[at + 1 : at + 4]] == ["edit", "set", "image"]
        return tool in tables.MATCHERS or (tool == "git" and second == "grep") or bool(_SED.fullmatch(tool))

    def read_matcher(self, at: int, tool: str) -> None:
        """Give the arguments of a matching command their role, and the command its files."""
        tool = tool if tool in tables.MATCHERS or tool == "git" else "sed"
        matcher = tables.MATCHERS["grep" if tool == "git" else tool]
        role = self.role("pattern")
        files: list[Argument] = []
        programs = 0
        index = at + (2 if tool == "git" else 1)
        sure, plain = matcher.files, False
        for rest in range(index, self.end):
            self.call.roles[rest] = role
        while index < self.end:
            word = self.words[index]
            if not plain and word.text.startswith("-") and len(word.text) > 1:
                plain = word.text == "--"
                flag = self._flag_of(word.text, tool)
                programs += flag in matcher.script_flags
                sure = sure and not (tool == "yq" and flag.startswith("-s"))
                if flag in matcher.pairs:
                    index += 2
                elif flag in matcher.values and "=" not in word.text and (tool == "perl" or flag == word.text):
                    index += 1
            elif programs < matcher.programs:
                skipped = (tool == "sed" and not word.text) or (not programs and word.text in matcher.verbs)
                programs += not skipped
            elif word.text:
                files.append(word)
            index += 1
        if sure and files and not self.from_stdin and all(word.text not in ("-", "{}") for word in files):
            self.call.operands = tuple(word.text for word in files)

    @staticmethod
    def _flag_of(text: str, tool: str) -> str:
        """The flag in a word: that of several short ones which takes the next word."""
        if text.startswith("--"):
            return text.partition("=")[0]
        if tool == "perl":
            return "-e" if _PERL_PROGRAM.fullmatch(text) and not _PERL_ARGUMENT.match(text[:-1]) else text[:2]
        return text[:2]
