"""The catalogue as a file: JSON with one image a line, so that a difference of two of them can be read.

The same checkout gives the same bytes. Paths are numbers in a list of files. Of the places that only test with an image the first
`MOST_INPUTS` are kept, and how many there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qcilint.catalog import CatalogError
from qcilint.catalog.model import KINDS, Catalog, Known, Origin, Pattern
from qcilint.discovery import printable
from qcilint.qci import StreamTag
from qcilint.replacing import replace_file

VERSION = 1
"""Raised when a field changes its meaning or goes away."""
MOST_INPUTS = 3
_MAKE = "make it with `qcilint catalog build RELEASE_REPO -o FILE`"


def dumped(catalog: Catalog) -> Iterator[str]:
    """The lines of the document."""
    files = _files(catalog)
    number = {path: index for index, path in enumerate(files)}
    source = {"commit": catalog.commit, "date": catalog.date, "configurations": catalog.configurations}
    yield "{"
    yield f'"version": {VERSION},'
    yield f'"source": {json.dumps(source)},'
    yield from _list("files", [json.dumps(path) for path in files], ",")
    for key, table in (("images", catalog.images), ("streams", catalog.streams)):
        rows = [f"{json.dumps(str(image).removesuffix(':'))}: {_row(known, number)}" for image, known in sorted(table.items())]
        yield from _list(key, rows, ",", "{}")
    patterns = [[*pattern[:3], number[pattern.origin.path], pattern.origin.line] for pattern in catalog.patterns]
    yield from _list("patterns", [json.dumps(pattern) for pattern in patterns], "")
    yield "}"


def _files(catalog: Catalog) -> list[str]:
    tables = (catalog.images, catalog.streams)
    origins = (origin for table in tables for known in table.values() for origin in known.origins)
    return sorted({origin.path for origin in origins} | {pattern.origin.path for pattern in catalog.patterns})


def _row(known: Known, number: Mapping[str, int]) -> str:
    """Places, and the number of inputs where not all of them are named."""
    origins: list[Any] = []
    for origin in known.origins:
        row = [origin.kind, number[origin.path], origin.line]
        origins.append([*row, origin.detail] if origin.detail else row)
    return json.dumps([*origins, known.inputs] if known.inputs > MOST_INPUTS else origins, separators=(",", ":"))


def _list(key: str, rows: Sequence[str], end: str, brackets: str = "[]") -> Iterator[str]:
    yield f'"{key}": {brackets[0]}'
    for row in rows[:-1]:
        yield f"{row},"
    yield from rows[-1:]
    yield f"{brackets[1]}{end}"


def write(catalog: Catalog, path: str) -> None:
    """Write the document in one step. Raises CatalogError."""
    replace(path, "".join(f"{line}\n" for line in dumped(catalog)))


def replace(path: str, text: str) -> None:
    """Replace a file by a text in one step. Raises CatalogError."""
    try:
        replace_file(path, (text.encode(),))
    except OSError as error:
        raise CatalogError(f"{printable(path)} cannot be written: {error.strerror}; name a file in a folder of yours") from None


def read(path: str) -> Catalog:
    """The catalogue that a file holds. Raises CatalogError."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise CatalogError(f"{printable(path)}: {error.strerror}; {_MAKE}") from None
    return parse(data, path)


def parse(data: bytes, path: str) -> Catalog:
    """The catalogue that the bytes of the file at `path` hold. Raises CatalogError."""
    try:
        document = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise CatalogError(f"{printable(path)}:{line}: no catalogue: {printable(str(error))}; {_MAKE}") from None
    if not isinstance(document, dict) or not isinstance(document.get("version"), int):
        raise CatalogError(f"{printable(path)}: no catalogue: it has no version; {_MAKE}")
    if document["version"] != VERSION:
        raise CatalogError(
            f"{printable(path)}: a catalogue of version {document['version']}, this qcilint reads {VERSION}; {_MAKE}"
        )
    try:
        return _catalog(document, path)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise CatalogError(
            f"{printable(path)}: a broken catalogue ({type(error).__name__}: {printable(str(error))}); {_MAKE}"
        ) from None


def _catalog(document: Mapping[str, Any], path: str) -> Catalog:
    files, source = document["files"], document["source"]
    if not all(isinstance(each, str) for each in (*files, source["commit"], source["date"])):
        raise ValueError("a path, the commit or the date is no text")
    known = _reader(files)
    patterns = [
        Pattern(namespace, name, tag, Origin("art", files[file], int(line), name + (f":{tag}" if tag else "")))
        for namespace, name, tag, file, line in document["patterns"]
    ]
    return Catalog(
        {_image(key): known(row) for key, row in document["images"].items()},
        {_image(f"{key}:"): known(row) for key, row in document["streams"].items()},
        patterns,
        source["commit"],
        source["date"],
        path,
        int(source["configurations"]),
    )


def _reader(files: Sequence[str]) -> Callable[[Sequence[Any]], Known]:
    def known(row: Sequence[Any]) -> Known:
        inputs = row[-1] if row and isinstance(row[-1], int) else 0
        origins = tuple(Origin(each[0], files[each[1]], each[2], *each[3:]) for each in (row[:-1] if inputs else row))
        if any(origin.kind not in KINDS for origin in origins):
            raise ValueError(f"a kind that is none of {', '.join(KINDS)}")
        return Known(origins, inputs or sum(origin.kind == "input" for origin in origins))

    return known


def _image(key: str) -> StreamTag:
    namespace, _, rest = key.partition("/")
    name, colon, tag = rest.partition(":")
    if not (namespace and name and colon):
        raise ValueError(f"{key!r} is no namespace/name:tag")
    return StreamTag(namespace, name, tag)
