"""Writes what was found in repositories into the folder of a plan: findings, and a patch for each pull request."""

from __future__ import annotations

import json
import os
from typing import Any

from qcilint.campaign import model, patches, splits, texts
from qcilint.campaign.clones import slug
from qcilint.campaign.examine import Result
from qcilint.campaign.model import Blob, Change, Plan, Planned
from qcilint.campaign.people import chosen
from qcilint.campaign.repositories import Repository
from qcilint.campaign.settings import Settings
from qcilint.records import dataclass


@dataclass(slots=True)
class Draft:
    """A repository and what linting it gave."""

    repository: Repository
    name: str
    """`owner/name` where GitHub knows it."""
    result: Result


class Writer:
    """Puts what was found in repositories into a plan and its folder."""

    def __init__(self, folder: str, settings: Settings, author: str, plan: Plan) -> None:
        self.folder, self.settings, self.author, self.plan = folder, settings, author, plan

    def add(self, draft: Draft) -> None:
        """Write the findings and the patches of one repository."""
        result = draft.result
        outcomes = [finding["outcome"] for finding in result["findings"]]
        place = _place(draft)
        os.makedirs(os.path.join(self.folder, place), exist_ok=True)
        findings = os.path.join(place, "findings.json")
        with open(os.path.join(self.folder, findings), "w", encoding="ascii") as file:
            document = {"version": 1, "commit": result["commit"], "findings": result["findings"], "errors": result["errors"]}
            json.dump(document, file, indent=1)
        self.plan.repositories.append(
            Planned(
                key=draft.repository.key,
                repository=draft.name,
                local=draft.repository.local,
                base=result["branch"],
                commit=result["commit"],
                checked=result["checked"],
                fixed=outcomes.count("fixed"),
                left=outcomes.count("left"),
                findings=findings,
                error="; ".join(f"{path}: {reason}" for path, reason in result["errors"]),
            )
        )
        for part, files in splits.split(result["files"], self.settings.split).items():
            self.plan.changes.append(self.change(draft, part, files, place))

    def change(self, draft: Draft, part: str, files: list[dict[str, Any]], place: str) -> Change:
        """Write one patch."""
        request, result = self.settings.pull_request, draft.result
        paths = [str(file["path"]) for file in files]
        references = sum(file["references"] for file in files)
        command = texts.command(paths, unsafe=self.settings.fix.unsafe, is_whole=not part)
        values = {"repository": draft.name, "branch": result["branch"], "part": part}
        title = texts.title(request, values)
        mine = set(paths)
        others = [
            finding for finding in result["findings"] if finding["outcome"] == "left" and (not part or finding["path"] in mine)
        ]
        values |= {
            "summary": texts.summary(references, len(files)),
            "left": texts.left(others),
            "command": command,
            "owners": texts.mentions(sorted({name for file in files for name in file["approvers"]})),
        }
        trailers = [*request.trailers, *([f"Signed-off-by: {self.author}"] if request.sign_off else [])]
        body = patches.commit_body(f"{texts.summary(references, len(files))} Made by\n\n    {command}", trailers)
        message = patches.Message(title, body, self.author, self.plan.date)
        data = patches.mail(message, (str(file["diff"]).encode("latin-1") for file in files))
        name = os.path.join(place, f"{slug(part) if part else 'fix'}.patch")
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data)
        key = f"{draft.name}@{result['branch']}"
        return Change(
            id=f"{key}#{part}" if part else key,
            repository=draft.name,
            base=result["branch"],
            part=part,
            branch="-".join([request.branch_prefix, self.settings.name, slug(result["branch"]), *([slug(part)] if part else [])]),
            commit=result["commit"],
            title=title,
            body=texts.body(request.body, values),
            message=message.text,
            author=self.author,
            date=self.plan.date,
            patch=name,
            digest=model.digest(data),
            content=model.digest(message.text.encode() + "".join(str(file["diff"]) for file in files).encode("latin-1")),
            references=references,
            files=tuple(Blob(file["path"], file["mode"], file["old"], file["new"]) for file in files),
            labels=request.labels,
            reviewers=(*request.reviewers, *chosen(files, request.reviewers_from_owners, request.reviewers)),
            assignees=request.assignees,
        )


def _place(draft: Draft) -> str:
    """The folder of a repository in the plan. One that is only here is called after its own folder."""
    if "/" in draft.name and not os.path.isabs(draft.name):
        return os.path.join(*(slug(part) for part in draft.name.split("/")), slug(draft.result["branch"]))
    return os.path.join("local", f"{slug(os.path.basename(draft.name))}-{model.digest(os.fsencode(draft.name))[:8]}")
