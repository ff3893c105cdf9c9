"""Where content files lie. Every file of a content folder is read, or named with what would be
right."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from bot.domain.holidays import HOLIDAYS_FILE
from bot.library.faults import Fault

CATEGORY_FILE = "category.toml"
COMPANY_FILE = "company.toml"
DO_NOT_ASK_FILE = "do_not_ask.toml"
FEEDBACK_HINTS_FILE = "feedback_hints.toml"
PAY_LAWS_FILE = "pay_laws.toml"
POSTING_ADVICE_FILE = "posting_advice.toml"
QUESTIONS_WORDING = "wording/questions.json"
FEEDBACK_WORDING = "wording/feedback.json"

SINGLE = (
    COMPANY_FILE,
    HOLIDAYS_FILE,
    DO_NOT_ASK_FILE,
    FEEDBACK_HINTS_FILE,
    PAY_LAWS_FILE,
    POSTING_ADVICE_FILE,
    QUESTIONS_WORDING,
    FEEDBACK_WORDING,
)
TEMPLATES = ("documents", "messages", "pages")
PICTURES = ("static/icon.png", "static/icon.svg", "static/logo.png", "static/logo.svg")
"""The company's own on the jobs pages."""
FOLDERS = ("roles", "competencies", "locales", "static", "wording", *TEMPLATES)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?\.toml")
OF_OTHERS = re.compile(
    r"""\..*                # hidden: .DS_Store, ._x, .#x, .git, and ..data of a mounted ConfigMap
    | .*~ | \#.*\# | .*\.(swp|swo|tmp)
    | Thumbs\.db | desktop\.ini | lost\+found | __MACOSX
    | (README|LICENSE|LICENCE|CHANGELOG)(\..*)?""",
    re.VERBOSE | re.IGNORECASE,
)
"""What editors and systems leave in folders, and what tells people about the folder."""


@dataclass
class Layer:
    """The files of one content folder: roles, competencies and languages by slug, templates by
    path, the others by their path in the folder. `faults` name the files that can't be read as any
    of these.
    """

    folder: Path
    roles: dict[str, Path] = field(default_factory=dict)
    categories: list[Path] = field(default_factory=list)
    competencies: dict[str, Path] = field(default_factory=dict)
    locales: dict[str, Path] = field(default_factory=dict)
    templates: list[str] = field(default_factory=list)
    single: dict[str, Path] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def layer_of(folder: Path, templates: Sequence[str] = ()) -> Layer:
    """The folder's files; `templates` are the paths that there can be, any where it is empty."""
    layer = Layer(folder)
    seen: set[str] = set()
    for path in _files(folder, layer.faults):
        place = path.relative_to(folder)
        if place.parts[0] not in FOLDERS and len(place.parts) > 1:
            if place.parts[0] not in seen:
                layer.faults.append(Fault(str(folder / place.parts[0]), "", _unknown_folder(place)))
            seen.add(place.parts[0])
        elif expected := _add(layer, path, PurePosixPath(place.as_posix()), templates):
            layer.faults.append(Fault(str(path), "", expected))
    return layer


def _files(folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """Every file that is meant as content, in order; links are followed within the folder."""
    root = folder.resolve()

    def refuse(error: OSError) -> None:
        faults.append(Fault(str(error.filename), "", f"cannot be read: {error.strerror}"))

    for current, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        here = Path(current)
        folders[:] = sorted(name for name in folders if _is_content(here / name, root, faults))
        yield from (here / name for name in sorted(names) if _is_content(here / name, root, faults))


def _is_content(path: Path, root: Path, faults: list[Fault]) -> bool:
    if OF_OTHERS.fullmatch(path.name):
        return False
    if not path.is_symlink():
        return True
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        faults.append(Fault(str(path), "", "is a link that leads nowhere"))
        return False
    if not target.is_relative_to(root) or path.parent.resolve().is_relative_to(target):
        faults.append(Fault(str(path), "", "is a link that leads out of the content folder"))
        return False
    return True


def _add(layer: Layer, path: Path, place: PurePosixPath, templates: Sequence[str]) -> str | None:
    """Puts the file where it belongs; gives what would be right where it belongs nowhere."""
    match place.parts:
        case (*_, "category.toml") if len(place.parts) == 3 and place.parts[0] == "roles":
            layer.categories.append(path)
            return _wrong_slug("folder", place.parts[1])
        case ("roles", category, name):
            return _wrong_slug("folder", category) or _add_named(layer.roles, path, name)
        case ("roles", name):
            return f"must lie in the folder of a category, as roles/CATEGORY/{_toml(name)}"
        case ("roles", category, *_, name):
            return f"lies too deep: move it to roles/{category}/{_toml(name)}"
        case ("competencies", name):
            return _add_named(layer.competencies, path, name)
        case ("competencies", *_, name):
            return f"lies too deep: move it to competencies/{_toml(name)}"
        case ("locales", name):
            if not LANGUAGE.fullmatch(name):
                return "must be called after a language, such as de.toml or pt-BR.toml"
            layer.locales[name.removesuffix(".toml")] = path
        case ("locales", *_, name):
            return f"lies too deep: move it to locales/{name}"
        case (kind, *_) if kind in TEMPLATES:
            is_part = place.name.startswith("_")  # which a company's template includes
            if templates and str(place) not in templates and not is_part:
                return _not_one_of(place, [name for name in templates if name.startswith(kind)])
            layer.templates.append(str(place))
        case ("static", *_):
            if str(place) not in PICTURES:
                return _not_one_of(place, PICTURES)
            layer.single[str(place)] = path
        case _ if str(place) in SINGLE:
            layer.single[str(place)] = path
        case _:
            return _not_one_of(place, SINGLE)
    return None


def _add_named(files: dict[str, Path], path: Path, name: str) -> str | None:
    if not name.endswith(".toml"):
        return f"must be TOML, and be called {_toml(name)}"
    slug = name.removesuffix(".toml")
    if wrong := _wrong_slug("file", slug):
        return wrong
    if slug in files:
        return f"is there twice: {files[slug]} has the same name"
    files[slug] = path
    return None


def _wrong_slug(what: str, name: str) -> str | None:
    if SLUG.fullmatch(name):
        return None
    ending = ".toml" if what == "file" else ""
    return (
        "must have a name of small letters, digits and single hyphens, such as "
        f"{_slug(name)}{ending}"
    )


def _slug(name: str) -> str:
    named = name.lower().replace("+", "-plus").replace("#", "-sharp")
    return re.sub(r"[^a-z0-9]+", "-", named).strip("-") or "backend-developer"


def _toml(name: str) -> str:
    return f"{_slug(name.partition('.')[0])}.toml"


def _unknown_folder(place: Path) -> str:
    return f"is not a content folder; there can be {', '.join(f'{name}/' for name in FOLDERS)}"


def _not_one_of(place: PurePosixPath, names: Sequence[str]) -> str:
    near = get_close_matches(str(place), names, n=1, cutoff=0)
    closest = f"; the closest is {near[0]}" if near else ""
    return f"is no file that is read{closest}"
