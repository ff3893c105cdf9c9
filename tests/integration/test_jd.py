"""`/jd` over the wire: a signed request in, the answer out."""

import asyncio

import pytest

from bot.library.catalogue import Library
from bot.library.documents import escape_mrkdwn
from tests.support.panelist import Panelist, button, choice, elements, text_of
from tests.support.slack import RATE_LIMITED, Fault, refused
from tests.support.wire import PERSON, Json


async def test_a_role_is_posted_to_the_channel_in_the_ack(
    panelist: Panelist, library: Library
) -> None:
    answer = await panelist.reply("/jd backend-developer")
    role = library.find("backend-developer")
    assert role is not None
    assert answer["response_type"] == "in_channel"
    shown = text_of(answer)
    for part in (role.summary, *role.responsibilities, *role.requirements, *role.nice_to_have):
        assert part in shown
    assert all(skill in shown for skill in role.skills)
    assert role.title in answer["text"]
    asked = [method for method, _ in panelist.slack.calls]
    assert asked == ["auth.test", "users.info"], "whose the token is, and whether they are a member"


async def test_whoever_has_been_seen_is_answered_without_asking_slack(panelist: Panelist) -> None:
    await panelist.reply("/jd backend-developer")
    asked = list(panelist.slack.calls)
    for _ in range(3):
        answer = await panelist.reply("/jd backend-developer")
        assert answer["response_type"] == "in_channel"
    assert panelist.slack.calls == asked


async def test_the_first_screen_says_what_the_job_is(panelist: Panelist) -> None:
    blocks = (await panelist.reply("/jd backend-developer"))["blocks"]
    assert blocks[0]["type"] == "header"
    assert blocks[0]["text"]["text"] == "Backend Developer"
    assert "Engineering" in text_of({"blocks": [blocks[1]]})
    assert blocks[2]["text"]["text"].startswith("You'll build the services")


@pytest.mark.parametrize(
    "name",
    [
        "backend-developer",
        "Backend Developer",
        "BACKEND  DEVELOPER",
        "back-end dev",
        "BackendEngineer",
    ],
)
async def test_a_role_is_found_however_its_name_is_written(panelist: Panelist, name: str) -> None:
    assert (await panelist.reply(f"/jd {name}"))["response_type"] == "in_channel"


async def test_the_guide_never_reaches_the_channel_by_itself(
    panelist: Panelist, library: Library
) -> None:
    shown = text_of(await panelist.reply("/jd backend-developer"))
    role = library.find("backend-developer")
    assert role is not None
    for secret in (*role.guide.look_for, *(question.question for question in role.questions)):
        assert secret not in shown


async def test_a_slip_is_answered_privately_and_posted_only_by_a_press(panelist: Panelist) -> None:
    guess = await panelist.reply("/jd backend-develper")
    assert guess["response_type"] == "ephemeral"
    assert "Did you mean" in text_of(guess)

    url = await panelist.presses(button(guess, "Post Backend Developer"))
    posted = await panelist.slack.next_response(url)
    assert posted["response_type"] == "in_channel"
    assert posted["blocks"][0]["text"]["text"] == "Backend Developer"
    assert await panelist.slack.next_response(url, 2) == {"delete_original": True}


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        (
            "software engineer",
            ["Backend Developer", "Frontend Engineer", "Full Stack Engineer", "Mobile Engineer"],
        ),
        ("sr ios dev", ["Senior Mobile Engineer"]),
        ("senior data enginer", ["Senior Data Engineer"]),
        ("lead data enginer", ["Data Engineer"]),
        ("recuiter", ["Recruiter"]),
        ("payments backend developer", ["Backend Developer"]),
        ("hr", ["People Partner", "Recruiter"]),
    ],
)
async def test_a_near_miss_has_a_button_for_each_role_that_may_be_meant(
    panelist: Panelist, asked: str, labels: list[str]
) -> None:
    guess = await panelist.reply(f"/jd {asked}")
    assert guess["response_type"] == "ephemeral"
    shown = [item["text"]["text"] for item in elements(guess, "button")]
    assert shown == [f"Post {label}" for label in labels]
    url = await panelist.presses(button(guess, shown[0]))
    posted = await panelist.slack.next_response(url)
    assert posted["blocks"][0]["text"]["text"] == labels[0]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("ios developer", "Mobile Engineer"),
        ("sr. backend dev", "Senior Backend Developer"),
        ("senior backend developer", "Senior Backend Developer"),
        ("account executive", "Account Executive"),
        ("java developer", "Backend Developer"),
        ("entry-level accountant", "Junior Accountant"),
    ],
)
async def test_a_common_name_posts_the_role_at_its_level(
    panelist: Panelist, asked: str, title: str
) -> None:
    posted = await panelist.reply(f"/jd {asked}")
    assert posted["response_type"] == "in_channel"
    assert posted["blocks"][0]["text"]["text"] == title


@pytest.mark.parametrize(
    "asked", ["xqzzy", "plumber", "senior plumber", "sales engineer", "senior"]
)
async def test_a_role_that_is_not_there_is_met_with_how_to_add_it(
    panelist: Panelist, asked: str
) -> None:
    answer = await panelist.reply(f"/jd {asked}")
    assert answer["response_type"] == "ephemeral"
    assert f"There's no role called “{asked}”." in text_of(answer)
    assert "`/jd list`" in text_of(answer)
    assert "“Write content”" in text_of(answer)
    assert not elements(answer), "nothing that could post a wild guess"


@pytest.mark.parametrize(
    "sent",
    [
        "\u201cbackend developer\u201d",
        "backend\u00a0developer",
        "back\u2011end developer\u200b",
        "<http://backend.dev|backend> developer",
        "preview\u00a0backend-developer",
    ],
)
async def test_a_role_is_read_as_it_was_typed_whatever_slack_makes_of_it(
    panelist: Panelist, sent: str
) -> None:
    answer = await panelist.reply(f"/jd {sent}")
    (title,) = [block for block in answer["blocks"] if block["type"] == "header"]
    assert title["text"]["text"] == "Backend Developer"


@pytest.mark.parametrize("text", ["<!channel>", "*bold* _it_", "<https://evil.example|click>"])
async def test_markup_in_the_text_is_shown_and_never_interpreted(
    panelist: Panelist, text: str
) -> None:
    answer = await panelist.reply(f"/jd {escape_mrkdwn(text)}")
    assert answer["response_type"] == "ephemeral"
    assert text not in answer["text"]
    spoken = [block["text"] for block in answer["blocks"] if block["type"] == "section"]
    assert {"type": "plain_text"}.items() <= next(s for s in spoken if text in s["text"]).items()


async def test_three_thousand_characters_are_answered_in_one_sentence(panelist: Panelist) -> None:
    answer = await panelist.reply("/jd " + "x" * 3000)
    assert answer["response_type"] == "ephemeral"
    assert len(text_of(answer)) < 600


async def test_alone_it_opens_a_picker_that_previews_and_posts(panelist: Panelist) -> None:
    reply, url = await panelist.types("/jd")
    assert (reply.status, reply.text) == (200, "")
    opened = await panelist.slack.next_call("views.open")
    assert opened["trigger_id"] == "1.2.3"
    view = opened["view"]
    chosen = choice(view, "Backend Developer")
    assert "Engineering" in str(chosen["option_groups"])

    await panelist.chooses_in(view, chosen)
    updated = await panelist.slack.next_call("views.update")
    assert "What you'll do" in text_of(updated["view"])

    values = {"jd.role": {"jd.pick": {"selected_option": chosen["selected_option"]}}}
    closed = await panelist.submits(updated["view"], values)
    assert (closed.status, closed.text) == (200, "")
    posted = panelist.slack.sent_to(url)
    assert [message["response_type"] for message in posted] == ["in_channel"]


async def _picker(panelist: Panelist) -> tuple[Json, Json, str]:
    _, url = await panelist.types("/jd")
    view = (await panelist.slack.next_call("views.open"))["view"]
    option = choice(view, "Backend Developer")["selected_option"]
    return view, {"jd.role": {"jd.pick": {"selected_option": option}}}, url


async def test_the_picker_posts_as_the_bot_once_its_response_url_is_spent(
    panelist: Panelist,
) -> None:
    view, values, _ = await _picker(panelist)
    panelist.slack.fails("response", Fault(404, "expired_url"))
    closed = await panelist.submits(view, values)
    assert closed.text == ""
    (posted,) = panelist.slack.called("chat.postMessage")
    assert posted["channel"] == "C1"
    assert posted["text"]


async def test_where_nothing_reaches_the_channel_the_picker_says_how_to_invite(
    panelist: Panelist,
) -> None:
    view, values, _ = await _picker(panelist)
    panelist.slack.fails("response", Fault(404, "expired_url"))
    panelist.slack.fails("chat.postMessage", refused("not_in_channel"))
    answer = (await panelist.submits(view, values)).json
    assert answer["response_action"] == "errors"
    assert "/invite @Panelist" in answer["errors"]["jd.role"]


async def test_the_picker_asks_for_a_role(panelist: Panelist) -> None:
    view, _, _ = await _picker(panelist)
    answer = (
        await panelist.submits(view, {"jd.role": {"jd.pick": {"selected_option": None}}})
    ).json
    assert answer == {"response_action": "errors", "errors": {"jd.role": "Choose a role."}}


async def test_a_preview_is_private_and_has_a_button_that_posts(panelist: Panelist) -> None:
    preview = await panelist.reply("/jd preview backend-developer")
    assert preview["response_type"] == "ephemeral"
    url = await panelist.presses(button(preview, "Post here"))
    assert (await panelist.slack.next_response(url))["response_type"] == "in_channel"


async def test_the_list_shows_every_role_by_category(panelist: Panelist, library: Library) -> None:
    shown = text_of(await panelist.reply("/jd list"))
    assert all(role.title in shown for role in library.roles)
    assert all(category.name in shown for category in library.categories)


async def test_a_category_can_be_listed_and_an_unknown_one_is_met_with_those_there_are(
    panelist: Panelist, library: Library
) -> None:
    assert "Backend Developer" in text_of(await panelist.reply("/jd list ENGINEERING"))
    shown = text_of(await panelist.reply("/jd list plumbing"))
    assert "plumbing" in shown
    assert all(category.name in shown for category in library.categories)


@pytest.mark.parametrize("line", ["/jd help", "/jd HELP", "/jd help me", "/jd preview"])
async def test_help_and_what_is_not_understood_get_the_help(panelist: Panelist, line: str) -> None:
    answer = await panelist.reply(line)
    assert answer["response_type"] == "ephemeral"
    assert "/jd preview" in text_of(answer)


async def test_guide_and_questions_answer_the_asking_person_alone(
    panelist: Panelist, library: Library
) -> None:
    posted = await panelist.reply("/jd backend-developer")
    role = library.find("backend-developer")
    assert role is not None
    for label, expected in (
        ("Hiring guide", role.guide.faq[0].answer),
        ("Interview questions", "4 questions · 45 minutes"),
    ):
        url = await panelist.presses(button(posted, label))
        await panelist.slack.next_response(url)
        await panelist.application.edge.drain(3)
        answers = panelist.slack.sent_to(url)
        assert len(answers) <= 5, "a response url is good for five"
        assert {answer["response_type"] for answer in answers} == {"ephemeral"}
        assert {answer["replace_original"] for answer in answers} == {False}
        assert expected in "\n".join(text_of(answer) for answer in answers)


@pytest.mark.parametrize(("label", "start"), [("Get Markdown", "# Backend"), ("Get HTML", "<h1>")])
async def test_the_menu_gives_the_text_to_take_away(
    panelist: Panelist, label: str, start: str
) -> None:
    posted = await panelist.reply("/jd backend-developer")
    url = await panelist.presses(choice(posted, label))
    answer = await panelist.slack.next_response(url)
    assert answer["response_type"] == "ephemeral"
    assert start in text_of(answer)


async def removes(panelist: Panelist, posted: Json, user: str = PERSON) -> tuple[Json, str]:
    """The modal that asks whether to remove it, and the response url of the press."""
    url = await panelist.presses(choice(posted, "Remove"), user=user)
    return (await panelist.slack.next_call("views.open"))["view"], url


async def test_removing_a_post_asks_once_and_leaves_a_line_that_says_who_did_it(
    panelist: Panelist,
) -> None:
    posted = await panelist.reply("/jd senior backend developer")
    view, url = await removes(panelist, posted)
    assert "Senior Backend Developer will be removed" in text_of(view)
    assert (view["submit"]["text"], view["close"]["text"]) == ("Remove", "Cancel")
    assert panelist.slack.sent_to(url) == [], "nothing has gone yet"

    assert (await panelist.submits(view, {})).text == ""
    (line,) = panelist.slack.sent_to(url)
    assert line["replace_original"] is True
    assert text_of(line) == f"<@{PERSON}> removed this job description."
    assert not elements(line)


async def test_somebody_else_cannot_remove_it(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd backend-developer")
    url = await panelist.presses(choice(posted, "Remove"), user="U2")
    answer = await panelist.slack.next_response(url)
    assert answer["response_type"] == "ephemeral"
    assert "Only the person who posted this, or an admin" in text_of(answer)
    assert panelist.slack.called("views.open") == []


async def test_the_right_to_remove_is_asked_again_at_the_dialog(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd backend-developer")
    view, url = await removes(panelist, posted)
    refused_view = (await panelist.submits(view, {}, user="U2")).json["view"]
    assert "Only the person who posted this, or an admin" in text_of(refused_view)
    assert panelist.slack.sent_to(url) == []


async def test_a_workspace_admin_can_remove_it(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd backend-developer")
    panelist.slack.people["U2"] = {"id": "U2", "is_admin": True}
    view, url = await removes(panelist, posted, user="U2")
    await panelist.submits(view, {}, user="U2")
    assert text_of(panelist.slack.sent_to(url)[0]) == "<@U2> removed this job description."


async def test_a_dialog_left_open_for_an_hour_removes_it_all_the_same(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd backend-developer")
    view, _ = await removes(panelist, posted)
    panelist.slack.fails("response", Fault(404, "expired_url"))
    panelist.slack.fails("chat.update", Fault(body={"ok": True}))
    assert (await panelist.submits(view, {})).text == ""
    (edited,) = panelist.slack.called("chat.update")
    assert (edited["channel"], edited["ts"]) == ("C1", "1700000000.000100")
    assert edited["text"] == f"<@{PERSON}> removed this job description."


async def test_a_posting_id_from_another_channel_gives_no_right(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd backend-developer")
    url = await panelist.presses(choice(posted, "Remove"), user=PERSON, channel="C2")
    assert "Only the person" in text_of(await panelist.slack.next_response(url))


@pytest.mark.parametrize(
    "value", ["", "{}", "[]", '{"role":"x"}', '{"role":"backend-developer","admin":true}']
)
async def test_a_strange_button_value_is_met_with_a_sentence(
    panelist: Panelist, value: str
) -> None:
    posted = await panelist.reply("/jd backend-developer")
    url = await panelist.presses(button(posted, "Hiring guide") | {"value": value})
    answer = await panelist.slack.next_response(url)
    assert answer["response_type"] == "ephemeral"


async def test_slack_asking_to_wait_delays_the_post_and_loses_nothing(panelist: Panelist) -> None:
    guess = await panelist.reply("/jd backend-develper")
    panelist.slack.fails("response", RATE_LIMITED)
    url = await panelist.presses(button(guess, "Post Backend Developer"))
    posted = await panelist.slack.next_response(url, 2)
    assert posted["response_type"] == "in_channel"


async def test_a_double_click_posts_once(panelist: Panelist) -> None:
    guess = await panelist.reply("/jd backend-develper")
    post = button(guess, "Post Backend Developer")
    urls = await asyncio.gather(panelist.presses(post), panelist.presses(post))
    await panelist.application.edge.drain(3)
    sent = [message for url in urls for message in panelist.slack.sent_to(url)]
    assert [message.get("response_type") for message in sent] == ["in_channel", None]
