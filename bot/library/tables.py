"""Reads a content file into a table, and a table into a model."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import rtoml
from pydantic import ValidationError

from bot.domain.content import Content
from bot.library.faults import Fault, from_validation

Model = TypeVar("Model", bound=Content)
Table = dict[str, Any]


def read_table(path: Path, faults: list[Fault]) -> Table | None:
    """The file's table; None where it cannot be read, which is added to the faults."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin with a byte-order mark
        table: Table = json.loads(text) if path.suffix == ".json" else rtoml.loads(text)
        return table
    except rtoml.TomlParsingError as error:
        faults.append(Fault(str(path), "", f"is not valid TOML: {error}"))
    except json.JSONDecodeError as error:
        faults.append(Fault(str(path), "", f"is not valid JSON: {error}"))
    except UnicodeDecodeError:
        faults.append(Fault(str(path), "", "is not UTF-8 text: save it in that encoding"))
    except OSError as error:
        faults.append(Fault(str(path), "", f"cannot be read: {error.strerror}"))
    return None


def validated(
    model: type[Model],
    path: Path,
    table: Table,
    given: Table,
    faults: list[Fault],
    context: Mapping[str, bool] | None = None,
) -> Model | None:
    """The model made of the file's table and of what its place gives; None where it has faults."""
    faults += [
        Fault(str(path), key, "is not a known key: it follows from the file's place")
        for key in given.keys() & table.keys()
    ]
    try:
        return model.model_validate(table | given, context=context)
    except ValidationError as error:
        faults += [fault for fault in from_validation(path, error) if fault.key not in given]
        return None


def digest(path: Path) -> str:
    """A hash of the file, which changes with any word in it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
