"""A company's own templates: kept to what they are given, and tried before anybody uses them."""

import re
import tracemalloc
from pathlib import Path

import pytest

from bot.library.content import load_content
from bot.library.documents import Documents
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN
from bot.library.trial import faults_of_templates, load_tried
from tests.integration.test_cli import SECRET, process
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
    put(company, "documents/opening.txt.j2", "{{ posting.title }} {{ posting.pay or '' }}")
    put(company, "documents/share_short.post.j2", "{{ posting.title }} {{ posting.link or '' }}")
    for template in (BUILT_IN / "pages").glob("*.j2"):
        put(company, f"pages/{template.name}", template.read_text())
    assert faults_of_templates(company) == []


def test_templates_that_go_wrong_are_each_named_with_what_they_did(company: Path) -> None:
    wrong = {
        "documents/posting.md.j2": ("{{ role.titel }}", "UndefinedError"),
        "documents/guide.txt.j2": ("{{ role.title ** 2 }}", "TypeError"),
        "documents/posting.txt.j2": ("{{ 10.0 ** 9999 }}", "OverflowError"),
        "documents/questions.md.j2": ("{{ set.questions[99].why }}", "UndefinedError"),
        "documents/posting.html.j2": ("{{ role.__class__.__mro__ }}", "SecurityError"),
        "documents/guide.html.j2": ("{% for n in range(9**9) %}{% endfor %}", "OverflowError"),
        "documents/opening.html.j2": ("{{ role.title }}", "UndefinedError"),
        "documents/share_short.post.j2": ("{{ posting.pay | length }}", "TypeError"),
        "pages/job.html.j2": ("{{ page.titel }}", "UndefinedError"),
        "pages/list.html.j2": ("{{ page.groups[0].name }}", "UndefinedError"),
        "pages/style.css.j2": ("{{ light.colour }}", "UndefinedError"),
        "messages/jd_help.mrkdwn.j2": ("{{ 1 / (command|length - 9) }}", "ZeroDivisionError"),
    }
    for template, (text, _) in wrong.items():
        put(company, template, text)
    Documents([company]).check([company])
    found = {fault.file: fault.expected for fault in faults_of_templates(company)}
    assert set(found) == {str(company / template) for template in wrong}
    for template, (_, why) in wrong.items():
        assert why in found[str(company / template)]


@pytest.mark.parametrize("template", ["md", "html", "txt"])
@pytest.mark.parametrize(
    "text",
    [
        "{{ ('x' * 9999) * 999 }}",
        "{{ 'x' | center(9999 * 999) }}",
        "{{ '%09999999d' % 1 }}",
        "{{ (0, 0) * 999999 }}",
        "{% if 'x' * 9999999 %}{% endif %}",
        "{% set x = 'x' * 9999999 %}",
        "{% include 'x' * 9999999 %}",
    ],
)
def test_nothing_in_a_template_is_computed_before_it_is_rendered(
    company: Path, text: str, template: str
) -> None:
    """That is done under limits only once it has been tried."""
    put(company, f"documents/guide.{template}.j2", text)
    tracemalloc.start()
    Documents([company]).check([company])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 9 * 10**6


@pytest.mark.parametrize(
    "text",
    [
        "{% autoescape 'x' * 9999999 %}{% endautoescape %}",
        "{{ " + "(" * 5000 + ")" * 5000 + " }}",
        "{% for a in 'a' %}" * 30 + "{% endfor %}" * 30,
    ],
)
def test_a_template_that_cannot_be_compiled_is_named(company: Path, text: str) -> None:
    put(company, "documents/guide.md.j2", text)
    with pytest.raises(ContentError, match=r"documents/guide\.md\.j2: is not a usable template"):
        load_content(company)


def test_whoever_renders_has_every_template_tried_at_every_level_first(tmp_path: Path) -> None:
    put(tmp_path, "documents/posting.md.j2", "{{ 1 / (role.level != 'senior') }}")
    with pytest.raises(ContentError, match=r"documents/posting\.md\.j2: .*ZeroDivisionError"):
        load_tried(tmp_path)


def test_serve_does_not_start_with_a_template_that_goes_wrong(company: Path) -> None:
    put(company, "messages/jd_help.mrkdwn.j2", "{{ nobody }}")
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET}
    done = process("serve", cwd=company.parent, PANELIST_CONTENT=str(company), **settings)
    assert done.returncode == 1
    assert "jd_help.mrkdwn.j2: cannot be rendered: UndefinedError" in done.stderr


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
