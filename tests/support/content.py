"""Small, complete content of a company's own, for tests that change it."""

from pathlib import Path

NO_COMPANY = (
    "Advice: PANELIST_CONTENT isn't set, so postings say nothing about your company; see "
    "docs/content.md.\n"
)
"""What `panelist doctor` says last, where nothing is said of the company."""

RUBRIC = ("poor", "borderline", "solid", "outstanding")


def question(id: str, competency: str | None = None) -> str:
    lines = [
        "[[questions]]",
        f'id = "{id}"',
        *([f'competency = "{competency}"'] if competency else []),
        'kind = "work_sample"',
        'level = "mid"',
        f'question = "What would you do about {id}?"',
        'probes = ["Why?", "What else?"]',
        'why = "It is the job."',
        "minutes = 10",
        'red_flags = ["Says nothing."]',
        "reviewed = 2026-11-25",
        "[questions.rubric]",
        *(f'{rating} = "{rating.capitalize()} answer to {id}."' for rating in RUBRIC),
    ]
    return "\n".join(lines) + "\n"


def competency(id: str) -> str:
    ratings = "\n".join(
        f'[ratings.{rating}]\nshort = "{rating} {id}"\nlong = "A longer {rating} {id}."'
        for rating in RUBRIC
    )
    head = f'name = "{id.replace("-", " ").capitalize()}"\nsummary = "Does {id}."\n'
    return f"{head}{ratings}\n{question(f'{id}-one')}{question(f'{id}-two')}"


def listed(key: str, count: int) -> str:
    items = ", ".join(f'"{key.capitalize()} {number}"' for number in range(count))
    return f"{key} = [{items}]\n"


def role(title: str, alias: str, competencies: list[str], slug: str) -> str:
    names = ", ".join(f'"{id}"' for id in competencies)
    faq = "".join(f'[[guide.faq]]\nquestion = "Q{n}?"\nanswer = "A{n}."\n' for n in range(3))
    return (
        f'title = "{title}"\naliases = ["{alias}"]\noccupation = "15-1252"\n'
        'reviewed = 2026-11-25\nsummary = "You keep the lamps."\n'
        + listed("skills", 6)
        + listed("responsibilities", 6)
        + listed("requirements", 5)
        + listed("nice_to_have", 3)
        + f"competencies = [{names}]\n"
        + '[guide]\nlook_for = ["Care."]\nwhere_to_source = ["Here", "There", "Elsewhere"]\n'
        + faq
        + "".join(question(f"{slug}-{number}", competencies[0]) for number in range(6))
    )


def posting_alone(folder: Path, slug: str = "lift-technician", more: str = "") -> Path:
    """A folder with a role that is nothing but the least of a posting."""
    path = folder / "roles" / "field" / f"{slug}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    title = slug.replace("-", " ").title()
    path.write_text(f'title = "{title}"\nsummary = "You keep the lifts running."\n{more}')
    return path


COMPETENCIES = ["care", "watching", "repair", "signals", "weather"]


def write_company(folder: Path, slug: str = "lamp-keeper", title: str = "Lamp Keeper") -> Path:
    """A folder with one role in a category of its own, and the competencies it needs."""
    (folder / "roles" / "coast").mkdir(parents=True)
    (folder / "competencies").mkdir()
    for id in COMPETENCIES:
        (folder / "competencies" / f"{id}.toml").write_text(competency(id))
    path = folder / "roles" / "coast" / f"{slug}.toml"
    path.write_text(role(title, f"{slug} of the light", COMPETENCIES, slug))
    return path
