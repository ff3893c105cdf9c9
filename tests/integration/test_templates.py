"""A company's own templates: kept to what they are given, and tried before anybody uses them."""

import re
from pathlib import Path

import pytest

from bot.library.documents import Documents
from bot.library.trial import faults_of_templates
from tests.support.content import write_company


@pytest.fixture
def company(tmp_path: Path) -> Path:
    write_company(tmp_path / "content")
    return tmp_path / "content"


def put(company: Path, template: str, text: str) -> None:
    (company / template).parent.mkdir(exist_ok=True)
    (company / template).write_text(text)


def test_a_template_that_is_right_has_no_fault(company: Path) -> None:
    put(company, "documents/posting.md.j2", "# {{ role.title }}\n")
    put(company, "messages/jd_help.mrkdwn.j2", "Type {{ command }}")
    assert faults_of_templates(company) == []


def test_templates_that_go_wrong_are_each_named_with_what_they_did(company: Path) -> None:
    wrong = {
        "documents/posting.md.j2": ("{{ role.titel }}", "UndefinedError"),
        "documents/guide.txt.j2": ("{{ role.title ** 2 }}", "TypeError"),
        "documents/posting.txt.j2": ("{{ 10.0 ** 9999 }}", "OverflowError"),
        "documents/questions.md.j2": ("{{ set.questions[99].why }}", "UndefinedError"),
        "documents/posting.html.j2": ("{{ role.__class__.__mro__ }}", "SecurityError"),
        "documents/guide.html.j2": ("{% for n in range(9**9) %}{% endfor %}", "OverflowError"),
        "messages/jd_help.mrkdwn.j2": ("{{ 1 / (command|length - 9) }}", "ZeroDivisionError"),
    }
    for template, (text, _) in wrong.items():
        put(company, template, text)
    Documents([company]).check([company])
    found = {fault.file: fault.expected for fault in faults_of_templates(company)}
    assert set(found) == {str(company / template) for template in wrong}
    for template, (_, why) in wrong.items():
        assert why in found[str(company / template)]


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{{ ('x' * 99999) * 99999 }}",
    ],
)
def test_a_template_without_end_is_stopped_and_named(company: Path, text: str) -> None:
    put(company, "documents/guide.md.j2", text)
    Documents([company]).check([company])
    (fault,) = faults_of_templates(company)
    assert fault.file == str(company / "documents/guide.md.j2")
    assert re.search("time or memory|MemoryError", fault.expected)
