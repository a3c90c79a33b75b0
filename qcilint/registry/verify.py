"""Whether the images that fixes name exist: asks their registries, and takes back the fixes to what is not there.

Only what a registry says is absent blocks a fix; what cannot be learnt is said, and blocks where that is asked for.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from qcilint.findings import Finding
from qcilint.holds import take_back
from qcilint.qci import PROXY, REPOSITORY
from qcilint.registry.cache import Cache
from qcilint.registry.client import MISSING, PRESENT, UNKNOWN, Registry, State
from qcilint.registry.settings import Settings
from qcilint.registry.transport import Transport
from qcilint.results import FileResult
from qcilint.targets import Image, Pair, pairs_of

WORKERS = 16
"""Requests under way at a time."""
MOST_REASONS = 5
SHOWN_DIGEST = len("sha256:") + 12
_VARIABLE = State(UNKNOWN, reason="it holds a variable")

T = TypeVar("T")
R = TypeVar("R")


class Verification:
    """What is learnt of images in one run."""

    def __init__(self, settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
        """Raises SettingsError."""
        self.settings = settings
        self._environment = environment
        self._transport = Transport(WORKERS, environment, settings.ca_file)
        self._cache = Cache(settings.cache_path) if settings.cache_path else None
        self._registries: dict[str, Registry] = {}
        self.states: dict[Image, State] = {}
        self.targets: list[Image] = []
        """The images that fixes name, each once."""
        self.variable = 0
        """Distinct replacements that hold a variable."""
        self.problem = ""
        """Why the cache could not be written."""

    def ask(self, files: Iterable[FileResult]) -> None:
        """Ask about every image that a fix names, and then about those that it would replace."""
        pairs = [pair for file in files for finding in file.findings for pair in pairs_of(finding)]
        self.targets = list(dict.fromkeys(pair.new for pair in pairs if pair.new is not None))
        self.variable = len({pair.text for pair in pairs if pair.new is None})
        try:
            self.learn(self.targets)
            self.learn([pair.old for pair in pairs if pair.old and pair.new and self._state(pair.new).state == PRESENT])
        finally:
            self.close()

    def close(self) -> None:
        """Ask no more, and write what was learnt to the disk."""
        self._transport.close()
        if self._cache:
            self.problem = self._cache.save()

    def learn(self, images: Iterable[Image]) -> None:
        """Find the state of each image: from the cache, else from its registry."""
        asked: list[Image] = []
        for image in dict.fromkeys(images):
            known = self._cache.get(self._key(image)) if self._cache and not self.settings.is_fresh else None
            if known is not None:
                self.states[image] = known
            elif image not in self.states:
                asked.append(image)
        for image in asked:
            if image.host not in self._registries:
                self._registries[image.host] = Registry(self.settings.url(image.host), self._transport, self._environment)
        for image, state in zip(asked, concurrently(self._look, asked, WORKERS), strict=True):
            self.states[image] = state
            if self._cache:
                self._cache.put(self._key(image), state)

    def _look(self, image: Image) -> State:
        return self._registries[image.host].look(image.repository, image.reference)

    def _key(self, image: Image) -> str:
        return str(image._replace(host=self.settings.url(image.host)))

    def _state(self, image: Image | None) -> State:
        return self.states.get(image, State(UNKNOWN, reason="it was not asked about")) if image else _VARIABLE

    def apply(self, file: FileResult) -> FileResult:
        """Say in the findings of a file what is known, and take back the fixes that are blocked; returns the file."""
        blocked: list[tuple[Finding, str]] = []
        for finding in file.findings:
            pairs = pairs_of(finding)
            for state in (MISSING, UNKNOWN, PRESENT):
                found = next((pair for pair in pairs if self._state(pair.new).state == state), None)
                if found:
                    finding.verified, finding.note = state, self._note(found)
                    if state == MISSING or (state == UNKNOWN and self.settings.is_required):
                        blocked.append((finding, finding.note))
                    break
        for finding, reason in blocked:
            take_back(file.findings, finding, reason)
        for finding, reason in blocked:
            finding.reason, finding.note = reason, ""
        return file

    def _note(self, pair: Pair) -> str:
        state = self._state(pair.new)
        if state.state == MISSING:
            return f"not in {_registry_name(pair.new)}: {pair.text} ({state.reason})"
        if state.state == UNKNOWN:
            return f"not verified: {state.reason}"
        old = self._state(pair.old) if pair.old else None
        where = f"in {_registry_name(pair.new)}"
        if old is None or old.state != PRESENT:
            return where
        if old.digest == state.digest:
            return f"{where}, the same image as the old one ({state.digest[:SHOWN_DIGEST]})"
        return (
            f"{where}, but the digests differ: the old one is {old.digest[:SHOWN_DIGEST]}, this is {state.digest[:SHOWN_DIGEST]}"
        )

    def summary(self) -> Iterator[str]:
        """Lines about the whole run."""
        states = [self._state(image) for image in self.targets]
        count = Counter(state.state for state in states)
        told = f"{_images(len(states))} looked up: {count[PRESENT]} present, {count[MISSING]} absent, {count[UNKNOWN]} unknown"
        yield told + (f"; {self.variable} more hold variables" if self.variable else "")
        reasons = Counter(state.reason for state in states if state.state == UNKNOWN)
        for reason, number in reasons.most_common(MOST_REASONS):
            yield f"unknown ({_images(number)}): {reason}"
        if len(reasons) > MOST_REASONS:
            yield f"unknown: {len(reasons) - MOST_REASONS} more reasons"
        if any(state.cause == "login" for state in states):
            yield "`qcilint doctor` says what is wrong with logins"
        if self.problem:
            yield self.problem


def _registry_name(image: Image | None) -> str:
    if image is None:
        return "its registry"
    return "QCI" if (image.host, image.repository) == (PROXY, REPOSITORY) else image.host


def _images(count: int) -> str:
    return f"{count} image" if count == 1 else f"{count} images"


def concurrently(function: Callable[[T], R], items: Sequence[T], workers: int) -> list[R]:
    """The results of `function` for each item, in order. The first exception ends it; an interrupt waits for no thread."""
    todo: queue.SimpleQueue[tuple[int, T]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, R | BaseException]] = queue.SimpleQueue()
    for entry in enumerate(items):
        todo.put(entry)

    def work() -> None:
        while True:
            try:
                index, item = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((index, function(item)))
            except BaseException as error:
                done.put((index, error))

    for _ in range(min(workers, len(items))):
        threading.Thread(target=work, daemon=True).start()
    results: dict[int, R] = {}
    for _ in items:
        index, result = done.get()
        if isinstance(result, BaseException):
            raise result
        results[index] = result
    return [results[index] for index in range(len(items))]
