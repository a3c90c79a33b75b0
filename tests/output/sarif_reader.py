"""Reads SARIF as strictly as its object model allows, and applies fixes as a viewer would."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import sarif_om
from jsonschema import Draft202012Validator

OBJECTS = {
    "runs": "Run", "tool": "Tool", "driver": "ToolComponent", "rules": "ReportingDescriptor", "invocations": "Invocation",
    "toolExecutionNotifications": "Notification", "results": "Result", "message": "Message", "locations": "Location",
    "relatedLocations": "Location", "physicalLocation": "PhysicalLocation", "artifactLocation": "ArtifactLocation",
    "region": "Region", "deletedRegion": "Region", "snippet": "ArtifactContent", "insertedContent": "ArtifactContent",
    "fixes": "Fix", "suppressions": "Suppression", "artifactChanges": "ArtifactChange", "replacements": "Replacement", "description": "Message",
    "shortDescription": "MultiformatMessageString", "fullDescription": "MultiformatMessageString",
    "help": "MultiformatMessageString", "defaultConfiguration": "ReportingConfiguration",
}  # fmt: skip
"""The class of the object model behind each property that holds objects."""
BAGS = {"properties", "partialFingerprints"}

_TEXT = {"type": "string", "minLength": 1}
_ONE = {"type": "integer", "minimum": 1}
# What the object model does not say: types, and the rules of the standard that matter to code scanning.
TYPES: dict[str, Any] = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "required": ["tool", "columnKind", "results", "invocations"],
                "properties": {
                    "columnKind": {"const": "utf16CodeUnits"},
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name", "semanticVersion", "rules"],
                                "properties": {
                                    "semanticVersion": {"pattern": r"^\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$"},
                                    "rules": {
                                        "uniqueItems": True,
                                        "items": {
                                            "required": [
                                                "id",
                                                "shortDescription",
                                                "fullDescription",
                                                "help",
                                                "defaultConfiguration",
                                            ],
                                            "properties": {"help": {"required": ["text", "markdown"]}},
                                        },
                                    },
                                },
                            }
                        }
                    },
                    "results": {
                        "maxItems": 25000,
                        "items": {
                            "required": ["level", "message", "locations", "partialFingerprints"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "kind": {"enum": ["fail", "informational"]},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "message": {"required": ["text"], "properties": {"text": _TEXT}},
                                "partialFingerprints": {
                                    "required": ["primaryLocationLineHash"],
                                    "properties": {"primaryLocationLineHash": {"pattern": "^[0-9a-f]{1,16}:[0-9]+$"}},
                                    "additionalProperties": _TEXT,
                                },
                                "locations": {"minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/location"}},
                                "suppressions": {
                                    "items": {"required": ["kind"], "properties": {"kind": {"enum": ["inSource", "external"]}}}
                                },
                                "relatedLocations": {"uniqueItems": True, "items": {"required": ["id", "message"]}},
                            },
                        },
                    },
                },
            },
        },
    },
    "$defs": {
        "location": {
            "properties": {
                "physicalLocation": {
                    "required": ["artifactLocation", "region"],
                    "properties": {
                        "artifactLocation": {"properties": {"uri": {"pattern": "^[A-Za-z0-9._~/%-]+$"}}},
                        "region": {
                            "required": ["startLine", "startColumn", "endLine", "endColumn"],
                            "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), _ONE),
                        },
                    },
                }
            }
        }
    },
}


def read(document: dict[str, Any]) -> dict[str, Any]:
    """The one run of a document that is in order. Fails for an unknown or missing property."""
    Draft202012Validator(TYPES).validate(document)
    _object(document, "SarifLog")
    run: dict[str, Any] = document["runs"][0]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert ("ruleIndex" in result) is (result["ruleId"] != "left-alone")
        assert "ruleIndex" not in result or ids[result["ruleIndex"]] == result["ruleId"]
        assert (result["level"] == "none") is (result["kind"] != "fail")
    return run


def _object(value: dict[str, Any], name: str) -> object:
    model = getattr(sarif_om, name)
    known = {field.metadata["schema_property_name"]: field.name for field in model.__attrs_attrs__}
    arguments = {}
    for key, held in value.items():
        assert key in known, f"{name} has no property {key}"
        if key not in BAGS:
            for each in held if isinstance(held, list) else [held]:
                assert isinstance(each, dict) is (key in OBJECTS), f"{name}.{key}"
                if key in OBJECTS:
                    _object(each, OBJECTS[key])
        arguments[known[key]] = held
    return model(**arguments)


def path_of(location: dict[str, Any]) -> str:
    """The path of an artifact location."""
    return unquote(location["uri"], errors="surrogateescape")


def slice_of(data: bytes, region: dict[str, int]) -> tuple[int, int]:
    """The bytes of a region whose columns count UTF-16 units, a byte order mark apart."""
    return _offset(data, region["startLine"], region["startColumn"]), _offset(data, region["endLine"], region["endColumn"])


def _offset(data: bytes, line: int, column: int) -> int:
    lines = data.split(b"\n")
    start = sum(len(each) + 1 for each in lines[: line - 1])
    if line == 1 and data.startswith(b"\xef\xbb\xbf"):
        start = 3
    units = 0
    for char in data[start:].decode("utf-8", "surrogateescape"):
        if units >= column - 1:
            break
        units += 1 + (ord(char) > 0xFFFF)
        start += len(char.encode("utf-8", "surrogateescape"))
    return start
