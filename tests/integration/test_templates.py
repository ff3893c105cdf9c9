"""A company's own templates: kept to what they are given, and tried before anybody uses them."""

from pathlib import Path

import pytest

from bot.library.documents import Documents
from bot.library.faults import ContentError
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


@pytest.mark.parametrize(
    ("template", "text", "why"),
    [
        ("documents/posting.md.j2", "{{ role.titel }}", "UndefinedError"),
        ("documents/guide.txt.j2", "{{ role.title ** 2 }}", "TypeError"),
        ("documents/posting.txt.j2", "{{ (10.0 ** role.title|length) ** 9999 }}", "OverflowError"),
        ("documents/questions.md.j2", "{{ set.questions[99] }}", "UndefinedError"),
        ("messages/jd_help.mrkdwn.j2", "{{ 1 / (command|length - 9) }}", "ZeroDivisionError"),
        ("documents/posting.html.j2", "{{ role.__class__.__mro__ }}", "SecurityError"),
        ("documents/posting.html.j2", "{% for i in range(9**9) %}{% endfor %}", "OverflowError"),
        (
            "documents/guide.md.j2",
            "{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}",
            "time or memory",
        ),
        ("documents/guide.md.j2", "{{ ('x' * 99999) * 99999 }}", "time or memory|MemoryError"),
    ],
)
def test_a_template_that_goes_wrong_is_named_with_what_it_did(
    company: Path, template: str, text: str, why: str
) -> None:
    put(company, template, text)
    try:
        Documents([company]).check([company])
        (fault,) = faults_of_templates(company)
    except ContentError as refused:
        (fault,) = refused.faults
    assert fault.file.endswith(template)
    assert any(part in fault.expected for part in why.split("|"))
