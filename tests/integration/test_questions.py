"""`/questions` over the wire: a signed request in, the answer out."""

import json
import re
from pathlib import Path

import pytest

from bot.domain.questions.question import Question, Rating
from bot.domain.questions.selection import Level
from bot.domain.roles import Role
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.rights import FOR_MEMBERS
from handlers.views.common import MOST_CHARACTERS
from tests.support.content import write_company
from tests.support.panelist import Panelist, button, choice, elements, running, text_of
from tests.support.slack import Fault, StandIn, refused
from tests.support.wire import Json


@pytest.fixture
def backend(library: Library) -> Role:
    role = library.role("backend-developer")
    assert role is not None
    return role


def fits(message: Json) -> Json:
    """The message, checked against Slack's limits."""
    parts = {key: message[key] for key in ("text", "blocks")}
    assert faults("message", parts) == []
    assert len(json.dumps(message["blocks"], ensure_ascii=False)) <= 12_000
    values = [item.get("value", "") for item in elements(message)]
    assert max(map(len, values), default=0) <= 2000
    return message


def asked(message: Json, library: Library) -> list[Question]:
    """The questions that the message shows, in order."""
    bank = {item.question: item for role in library.roles for item in library.bank(role)}
    shown = text_of(message)
    found = [item for text, item in bank.items() if text in shown]
    return sorted(found, key=lambda item: shown.index(item.question))


def rubrics(message: Json, questions: list[Question]) -> list[str]:
    """The ids of the questions whose whole rubric is shown."""
    shown = text_of(message)
    return [item.id for item in questions if all(item.rubric[rating] in shown for rating in Rating)]


def buttons(message: Json, label: str) -> list[Json]:
    return [item for item in elements(message, "button") if item["text"]["text"] == label]


async def pressed(panelist: Panelist, element: Json) -> Json:
    """What stands in the place of the message after a press."""
    url = await panelist.presses(element)
    answer = await panelist.slack.next_response(url)
    await panelist.application.edge.drain(3)
    assert answer["replace_original"] is True
    assert len(panelist.slack.sent_to(url)) == 1, "edited, and nothing besides"
    return fits(answer)


async def every_page(panelist: Panelist, message: Json) -> Json:
    """All pages of a set as if they were one message."""
    blocks = [*message["blocks"]]
    while following := buttons(message, "Next questions"):
        message = await pressed(panelist, following[0])
        blocks += message["blocks"]
    return {"blocks": blocks}


def name_in(message: Json) -> str:
    return text_of(message).partition("/questions set ")[2][:8]


async def test_a_set_is_answered_privately_in_the_ack(
    panelist: Panelist, library: Library, backend: Role
) -> None:
    answer = fits(await panelist.reply("/questions backend-developer"))
    assert answer["response_type"] == "ephemeral"
    questions = asked(answer, library)
    assert 3 <= len(questions) <= 8
    assert sum(item.minutes for item in questions) <= 45
    shown = text_of(answer)
    for item in questions:
        assert item.why in shown
        assert all(probe in shown for probe in item.probes)
        assert f"{item.minutes} minutes" in shown
        assert library.competencies[item.competency].name in shown
    assert "Only you can see this" in shown
    methods = [method for method, _ in panelist.slack.calls]
    assert methods == ["auth.test", "users.info"], (
        "whose the token is, and whether they are a member"
    )


async def test_words_stand_in_any_order(panelist: Panelist, library: Library) -> None:
    first = asked(await panelist.reply("/questions backend-developer security senior 30"), library)
    second = asked(await panelist.reply("/questions 30 Senior security back-end dev"), library)
    assert first == second
    assert {item.competency for item in first} == {"security"}
    assert {item.level for item in first} <= {"mid", "senior", "staff"}
    assert sum(item.minutes for item in first) <= 30


async def test_a_short_set_comes_with_its_rubrics(panelist: Panelist, library: Library) -> None:
    answer = fits(await panelist.reply("/questions backend-developer 15"))
    questions = asked(answer, library)
    assert rubrics(answer, questions) == [item.id for item in questions]
    assert all(flag in text_of(answer) for flag in questions[0].red_flags)
    assert not buttons(answer, "Show rubric")


async def test_a_rubric_opens_in_its_place_and_closes_again(
    panelist: Panelist, library: Library
) -> None:
    answer = await panelist.reply("/questions backend-developer 45")
    questions = asked(answer, library)
    assert rubrics(answer, questions) == []
    second = buttons(answer, "Show rubric")[1]
    opened = await pressed(panelist, second)
    assert rubrics(opened, questions) == [questions[1].id]
    assert asked(opened, library) == questions
    third = await pressed(panelist, buttons(opened, "Show rubric")[1])
    assert rubrics(third, questions) == [questions[2].id]
    closed = await pressed(panelist, button(third, "Hide rubric"))
    assert closed["blocks"] == answer["blocks"]


async def test_a_long_set_is_shown_by_the_page(panelist: Panelist, library: Library) -> None:
    page = fits(await panelist.reply("/questions backend-developer 240"))
    seen = asked(page, library)
    counted = re.search(r"Questions 1 to \d+ of (\d+)\.", text_of(page))
    assert counted
    total = int(counted[1])
    back = page
    while following := buttons(page, "Next questions"):
        for show in buttons(page, "Show rubric"):
            opened = await pressed(panelist, show)
            assert asked(opened, library) == asked(page, library)
        back, page = page, await pressed(panelist, following[0])
        assert not {item.id for item in seen} & {item.id for item in asked(page, library)}
        seen += asked(page, library)
    assert len(seen) == total > 12
    assert sum(item.minutes for item in seen) <= 240
    before = await pressed(panelist, button(page, "Previous questions"))
    assert asked(before, library) == asked(back, library)


async def test_another_set_repeats_nothing_until_the_bank_is_through(
    panelist: Panelist, library: Library, backend: Role
) -> None:
    message = await panelist.reply("/questions backend-developer 45")
    seen: list[str] = []
    while "so they start over" not in text_of(message):
        ids = [item.id for item in asked(await every_page(panelist, message), library)]
        assert ids
        assert not set(ids) & set(seen)
        seen += ids
        message = await pressed(panelist, button(message, "Another set"))
    assert set(seen) == {item.id for item in library.bank(backend)}


async def test_swap_exchanges_one_question(panelist: Panelist, library: Library) -> None:
    message = await panelist.reply("/questions backend-developer 45")
    before = asked(message, library)
    after = asked(await pressed(panelist, buttons(message, "Swap")[1]), library)
    assert [item.id for item in after][::2] == [item.id for item in before][::2]
    assert after[1] != before[1]
    assert after[1].competency == before[1].competency
    assert sum(item.minutes for item in after) <= 45


async def test_the_name_gives_the_same_set_to_the_next_interviewer(
    panelist: Panelist, library: Library
) -> None:
    first = await panelist.reply("/questions backend-developer senior 60")
    swapped = await pressed(panelist, buttons(first, "Swap")[0])
    for message in (first, swapped):
        name = name_in(message)
        again = fits(await panelist.reply(f"/questions set {name.upper()}", user_id="U2"))
        assert again["response_type"] == "ephemeral"
        assert asked(again, library) == asked(message, library)
        assert name_in(again) == name
    assert name_in(first) != name_in(swapped)


async def test_another_workspace_does_not_find_it(panelist: Panelist) -> None:
    name = name_in(await panelist.reply("/questions backend-developer"))
    answer = await panelist.reply(f"/questions set {name}", team_id="T2")
    assert text_of(answer) == FOR_MEMBERS
    async with panelist.application.database.read() as tx:
        assert await tx.question_sets.get("T1", name) is not None
        assert await tx.question_sets.get("T2", name) is None


@pytest.mark.parametrize("name", ["aaaaaaaa", "x", "<!channel>", "a b c", "z" * 2900])
async def test_a_set_that_does_not_exist_is_met_with_a_sentence(
    panelist: Panelist, name: str
) -> None:
    answer = fits(await panelist.reply(f"/questions set {name}"))
    assert answer["response_type"] == "ephemeral"
    assert "No set is called" in text_of(answer)
    assert len(text_of(answer)) < 300


async def test_send_to_my_dm_brings_all_rubrics_and_says_so_in_place(
    panelist: Panelist, library: Library
) -> None:
    message = await panelist.reply("/questions backend-developer 90")
    after = await pressed(panelist, button(message, "Send to my DM"))
    assert "Sent to your DM" in text_of(after)
    sent = panelist.slack.called("chat.postMessage")
    assert {call["channel"] for call in sent} == {"U1"}
    together = {"blocks": [block for call in sent for block in fits(call)["blocks"]]}
    questions = asked(together, library)
    assert len(questions) > 5
    assert rubrics(together, questions) == [item.id for item in questions]
    assert name_in(together) == name_in(message)


async def test_a_dm_that_slack_refuses_is_told(panelist: Panelist) -> None:
    message = await panelist.reply("/questions backend-developer")
    panelist.slack.fails("chat.postMessage", refused("account_inactive"))
    url = await panelist.presses(button(message, "Send to my DM"))
    answer = await panelist.slack.next_response(url)
    assert "no longer accepts Panelist's token" in text_of(answer)
    assert answer["replace_original"] is False


async def test_posting_to_the_channel_warns_first_and_leaves_rubrics_out(
    panelist: Panelist, library: Library
) -> None:
    message = await panelist.reply("/questions backend-developer 45")
    questions = asked(message, library)
    warned = await pressed(panelist, button(message, "Post to channel"))
    assert "Candidates may be in this channel" in text_of(warned)
    assert (await pressed(panelist, button(warned, "Cancel")))["blocks"] == message["blocks"]

    url = await panelist.presses(button(warned, "Post anyway"))
    await panelist.slack.next_response(url, 2)
    *posted, receipt = panelist.slack.sent_to(url)
    assert {item["response_type"] for item in posted} == {"in_channel"}
    assert {item["replace_original"] for item in posted} == {False}
    together = {"blocks": [block for item in posted for block in fits(item)["blocks"]]}
    assert asked(together, library) == questions
    shown = text_of(together)
    assert name_in(message) not in shown
    for item in questions:
        rubric = (item.rubric[rating] for rating in Rating)
        for secret in (*item.probes, *item.red_flags, item.why, *rubric):
            assert secret not in shown
    assert receipt["replace_original"] is True
    assert "Posted here, without rubrics" in text_of(fits(receipt))
    assert receipt["response_type"] == "ephemeral"


async def test_the_longest_set_is_posted_within_the_five_uses_of_a_response_url(
    panelist: Panelist, library: Library
) -> None:
    for role in library.roles:
        message = await panelist.reply(f"/questions {role.slug} 240")
        warned = await pressed(panelist, button(message, "Post to channel"))
        url = await panelist.presses(button(warned, "Post anyway"))
        await panelist.slack.next_response(url, 2)
        await panelist.application.edge.drain(3)
        assert len(panelist.slack.sent_to(url)) <= 5


async def test_interview_questions_of_a_posting_and_of_its_guide_lead_here(
    panelist: Panelist, library: Library
) -> None:
    expected = asked(await panelist.reply("/questions backend-developer"), library)
    posting = await panelist.reply("/jd backend-developer")
    url = await panelist.presses(button(posting, "Hiring guide"))
    await panelist.slack.next_response(url)
    await panelist.application.edge.drain(3)
    guide = panelist.slack.sent_to(url)[-1]
    for message in (posting, guide):
        url = await panelist.presses(button(message, "Interview questions"))
        answer = fits(await panelist.slack.next_response(url))
        assert answer["response_type"] == "ephemeral"
        assert answer["replace_original"] is False
        assert asked(answer, library) == expected


async def _picker(panelist: Panelist, line: str = "/questions") -> tuple[Json, str]:
    reply, url = await panelist.types(line)
    assert (reply.status, reply.text) == (200, "")
    opened = await panelist.slack.next_call("views.open")
    view = opened["view"]
    assert faults("modal", view) == []
    return view, url


def _values(view: Json, **labels: str) -> Json:
    chosen = (choice(view, label) for label in labels.values())
    return {
        item["block_id"]: {item["action_id"]: {"selected_option": item["selected_option"]}}
        for item in chosen
    }


async def test_alone_it_opens_a_picker(panelist: Panelist, library: Library) -> None:
    view, url = await _picker(panelist)
    await panelist.chooses_in(view, choice(view, "Backend Developer"))
    updated = (await panelist.slack.next_call("views.update"))["view"]
    assert faults("modal", updated) == []
    values = _values(
        updated,
        role="Backend Developer",
        competency="Security",
        level="Senior",
        minutes="30 minutes",
    )
    closed = await panelist.submits(updated, values)
    assert (closed.status, closed.text) == (200, "")
    (answer,) = panelist.slack.sent_to(url)
    assert answer["response_type"] == "ephemeral"
    expected = await panelist.reply("/questions backend-developer security senior 30")
    assert asked(fits(answer), library) == asked(expected, library)


async def test_the_picker_needs_no_more_than_a_role(panelist: Panelist, library: Library) -> None:
    view, url = await _picker(panelist)
    closed = await panelist.submits(view, _values(view, role="Backend Developer"))
    assert closed.text == ""
    expected = await panelist.reply("/questions backend-developer")
    assert asked(panelist.slack.sent_to(url)[0], library) == asked(expected, library)


async def test_the_picker_asks_for_a_role(panelist: Panelist) -> None:
    view, _ = await _picker(panelist)
    answer = (await panelist.submits(view, {})).json
    assert answer["errors"] == {"questions.role": "Choose a role."}


async def test_a_level_without_a_role_opens_the_picker_with_it(panelist: Panelist) -> None:
    view, _ = await _picker(panelist, "/questions security senior 50")
    chosen = [item["initial_option"]["text"]["text"] for item in elements(view)[1:]]
    assert chosen == ["Senior", "50 minutes"]
    await panelist.chooses_in(view, choice(view, "Backend Developer"))
    updated = (await panelist.slack.next_call("views.update"))["view"]
    chosen = [item["initial_option"]["text"]["text"] for item in elements(updated)[1:]]
    assert chosen == ["Security", "Senior", "50 minutes"]


async def test_a_picker_too_old_to_answer_says_so_at_the_field(panelist: Panelist) -> None:
    view, _ = await _picker(panelist)
    panelist.slack.fails("response", Fault(404, "expired_url"))
    answer = (await panelist.submits(view, _values(view, role="Backend Developer"))).json
    assert "Type the command again" in answer["errors"]["questions.role"]


@pytest.mark.parametrize(
    ("line", "sentence", "label"),
    [
        ("backend-develper", "No role is called “backend-develper”. Did you mean", None),
        ("software engineer 30", "No role is called “software engineer”. Did you", "30 minutes"),
        ("sr. ios dev", "No role is called “ios dev”. Did you mean", "Mobile Engineer · Senior"),
        ("backend-developer secuirty senor", "Did you mean", "Security · Senior"),
        ("backend-developer data-modleing 60", "Did you mean", "Data modeling · 60 minutes"),
        ("backend-developer wizard", "doesn't know “wizard”", "Security"),
        ("qa-engineer data-modelling", "isn't one of the competencies for", "Debugging"),
        ("backend-developer junior senior", "Name only one level", "Junior"),
        ("backend-developer qa-engineer", "Name only one role", "QA Engineer"),
        ("backend-developer security debugging", "Name only one competency", "Security"),
    ],
)
async def test_what_is_not_understood_is_met_with_the_nearest_as_buttons(
    panelist: Panelist, library: Library, line: str, sentence: str, label: str | None
) -> None:
    answer = fits(await panelist.reply(f"/questions {line}"))
    assert answer["response_type"] == "ephemeral"
    assert sentence in text_of(answer)
    labels = [item["text"]["text"] for item in elements(answer, "button")]
    assert labels
    assert label is None or any(label in found for found in labels), labels
    for element in elements(answer, "button"):
        assert asked(await pressed(panelist, element), library)


async def test_a_role_that_is_not_there_is_met_with_how_to_add_it(panelist: Panelist) -> None:
    answer = fits(await panelist.reply("/questions plumber 45"))
    assert answer["response_type"] == "ephemeral"
    assert "There's no role called “plumber”." in text_of(answer)
    assert "“Write content”" in text_of(answer)
    assert not elements(answer), "no guess that is not near"


async def test_the_title_of_a_level_is_the_role_at_that_level(
    panelist: Panelist, library: Library
) -> None:
    first = asked(await panelist.reply("/questions sales development team lead"), library)
    second = asked(
        await panelist.reply("/questions sales-development-representative lead"), library
    )
    assert first == second


async def test_the_questions_of_a_senior_posting_are_a_seniors(
    panelist: Panelist, library: Library
) -> None:
    posting = await panelist.reply("/jd senior backend developer")
    url = await panelist.presses(button(posting, "Interview questions"))
    answer = fits(await panelist.slack.next_response(url))
    expected = await panelist.reply("/questions backend-developer senior")
    assert asked(answer, library) == asked(expected, library)
    assert answer["blocks"][0]["text"]["text"] == "Senior Backend Developer: interview questions"


async def test_what_a_level_takes_is_shown_above_its_questions(
    panelist: Panelist, backend: Role
) -> None:
    shown = text_of(await panelist.reply("/questions backend-developer senior"))
    assert "Expected at this level: Senior" in shown
    assert backend.levels[Level.SENIOR].expectations["data-modelling"] in shown
    plain = text_of(await panelist.reply("/questions backend-developer"))
    assert "Expected at this level" not in plain


@pytest.mark.parametrize("minutes", ["0", "500", "-5", "4", "241", "999999", "10h"])
async def test_minutes_out_of_bounds_are_refused_in_words(panelist: Panelist, minutes: str) -> None:
    answer = fits(await panelist.reply(f"/questions backend-developer {minutes}"))
    assert answer["response_type"] == "ephemeral"
    assert "takes 5 to 240 minutes, not" in text_of(answer)


async def test_where_nothing_fits_the_shortest_is_named(panelist: Panelist) -> None:
    answer = await panelist.reply("/questions backend-developer data-modelling 5")
    assert "No question fits into 5 minutes." in text_of(answer)
    assert "the shortest interview takes 14." in text_of(answer), "8 to ask, 3 before, 3 after"


@pytest.mark.parametrize(
    "line", ["/questions help", "/questions HELP", "/questions help me", "/questions set"]
)
async def test_help(panelist: Panelist, line: str) -> None:
    answer = fits(await panelist.reply(line))
    assert answer["response_type"] == "ephemeral"
    assert "`/questions set" in text_of(answer)


@pytest.mark.parametrize(
    "text", ["<!channel>", "*bold* _it_", "<https://evil.example|click>", "'x" * 1500]
)
async def test_markup_is_shown_and_never_interpreted(panelist: Panelist, text: str) -> None:
    answer = fits(await panelist.reply(f"/questions {text}"))
    assert answer["response_type"] == "ephemeral"
    spoken = [b["text"] for b in answer["blocks"] if b["type"] == "section"]
    assert all(s["type"] == "plain_text" or text not in s["text"] for s in spoken)
    assert "<!channel>" not in answer["text"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{}",
        "[]",
        '{"role":"x","minutes":45,"shown":"abcd"}',
        '{"role":"backend-developer","minutes":45,"shown":""}',
        '{"role":"backend-developer","minutes":45,"shown":"????"}',
        '{"role":"backend-developer","minutes":0,"shown":"abcd"}',
        '{"role":"backend-developer","minutes":45,"shown":"abcd","seen":-1}',
        '{"role":"backend-developer","minutes":45,"shown":"abcd","competency":"cooking"}',
    ],
)
async def test_a_strange_button_value_is_met_with_a_sentence(
    panelist: Panelist, value: str
) -> None:
    message = await panelist.reply("/questions backend-developer")
    for label in ("Show rubric", "Swap", "Another set", "Send to my DM", "Post to channel"):
        url = await panelist.presses(button(message, label) | {"value": value})
        answer = await panelist.slack.next_response(url)
        assert answer["response_type"] == "ephemeral"
        assert answer["replace_original"] is False
        assert "went wrong" not in text_of(answer)
    assert not panelist.slack.called("chat.postMessage")


async def test_without_a_database_the_set_is_shown_and_says_that_it_has_no_name(
    panelist: Panelist, library: Library, tmp_path: Path
) -> None:
    await panelist.application.database.close()
    database = tmp_path / "panelist.db"
    for file in tmp_path.glob("panelist.db*"):
        file.unlink()
    database.mkdir()
    answer = fits(await panelist.reply("/questions backend-developer"))
    assert asked(answer, library)
    assert "couldn't be saved under a name" in text_of(answer)
    opened = await pressed(panelist, buttons(answer, "Show rubric")[0])
    assert "couldn't be saved under a name" in text_of(opened)
    await panelist.application.database.close()
    database.rmdir()


async def test_a_set_whose_question_has_gone_is_shown_with_the_rest(
    slack: StandIn, sqlite_database: str, tmp_path: Path
) -> None:
    company = tmp_path / "company"
    role = write_company(company)
    async with running(slack, sqlite_database, panelist_content=company) as panelist:
        message = await panelist.reply("/questions lamp-keeper 60")
        name = name_in(message)
        shown = text_of(message)
        assert "lamp-keeper-0?" in shown
    text = role.read_text()
    role.write_text(text.replace('id = "lamp-keeper-0"', 'id = "lamp-keeper-new"'))
    async with running(slack, sqlite_database, panelist_content=company) as panelist:
        again = fits(await panelist.reply(f"/questions set {name}"))
        assert "no longer in the library: lamp-keeper-0." in text_of(again)
        assert "about care-one?" not in text_of(again) or "care-one" in shown
        kept = name_in(again)
        assert kept != name
        stale = await pressed(panelist, button(message, "Another set"))
        assert "minutes" in text_of(stale)
        assert "left out" not in text_of(await panelist.reply(f"/questions set {kept}"))
    role.write_text(role.read_text().replace("You keep the lamps.", "You keep all lamps."))
    async with running(slack, sqlite_database, panelist_content=company) as panelist:
        again = await panelist.reply(f"/questions set {kept}")
        assert "has been edited since" in text_of(again)


async def test_a_set_of_a_role_that_has_gone_is_told(
    slack: StandIn, sqlite_database: str, tmp_path: Path
) -> None:
    company = tmp_path / "company"
    role = write_company(company)
    async with running(slack, sqlite_database, panelist_content=company) as panelist:
        message = await panelist.reply("/questions lamp-keeper 60")
    role.unlink()
    async with running(slack, sqlite_database) as panelist:
        answer = await panelist.reply(f"/questions set {name_in(message)}")
        assert "The role of this set, lamp-keeper, is no longer in the library" in text_of(answer)
        url = await panelist.presses(button(message, "Another set"))
        answer = await panelist.slack.next_response(url)
        assert "isn't in the library anymore" in text_of(answer)


async def test_a_prefix_is_part_of_every_command_that_is_named(
    slack: StandIn, sqlite_database: str
) -> None:
    async with running(slack, sqlite_database, panelist_command_prefix="hire-") as panelist:
        for line in ("backend-developer", "help", "xqzzy"):
            shown = text_of(await panelist.reply(f"/hire-questions {line}"))
            assert "/hire-questions" in shown
            assert " /questions" not in shown


async def test_every_set_of_every_role_fits_into_slacks_limits(
    panelist: Panelist, library: Library
) -> None:
    for role in library.roles:
        for minutes in (10, 20, 30, 45, 60, 90, 120, 240):
            message = fits(await panelist.reply(f"/questions {role.slug} {minutes}"))
            size = len(json.dumps(message["blocks"], ensure_ascii=False))
            assert size <= MOST_CHARACTERS + 100


async def test_a_set_is_kept_on_either_database(
    slack: StandIn, database_url: str, library: Library
) -> None:
    async with running(slack, database_url) as panelist:
        first = await panelist.reply("/questions qa-engineer")
        await panelist.reply("/questions qa-engineer", user_id="U2")
        again = await panelist.reply(f"/questions set {name_in(first)}")
        assert asked(again, library) == asked(first, library)
        async with panelist.application.database.read() as tx:
            kept = await tx.question_sets.get("T1", name_in(first))
        assert kept is not None
        assert kept.created_by == "U1", "whoever made it first"
        assert kept.created_at.tzinfo is not None
