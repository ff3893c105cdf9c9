"""Text as Slack sends it, read as the person typed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.link.typed import as_sent
from bot.playground.state.models import Channel, User
from handlers.payloads import command_of
from handlers.text import as_typed
from tests.support.wire import command_fields

RILEY = User(id="U0RILEY", name="riley", real_name="Riley Park", tz="UTC")
HIRING = Channel("C0HIRING", "hiring", "channel", ())


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<http://x.dev|x.dev>", "x.dev"),
        ("<https://x.dev/a?b=1&amp;c=2>", "https://x.dev/a?b=1&c=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<tel:+15550100|+1 555 0100>", "+1 555 0100"),
        ("<@U0RILEY|riley>", "@riley"),
        ("<@U0RILEY>", "@U0RILEY"),
        ("<#C0HIRING|hiring> <#C0HIRING|>", "#hiring #C0HIRING"),
        ("<!here> <!channel|channel>", "@here @channel"),
        ("<!subteam^S1|@recruiters>", "@recruiters"),
        ("<!date^1796000000^{date}|Dec 1>", "Dec 1"),
        ("R&amp;D &lt;lead&gt;", "R&D <lead>"),
        ("&amp;lt; &amp;amp; &eacute;", "&lt; &amp; &eacute;"),
        ("&lt;@U0RILEY|riley&gt;", "<@U0RILEY|riley>"),
        ("“Zoë” O’Neill – lead…", '"Zoë" O\'Neill - lead...'),
        ("back\u2011end\u00a0dev\u202f30", "back-end dev 30"),
        ("\ufeffzero\u200bwidth\u2060\u00ad", "zerowidth"),
        ("می‌خواهم 👩‍💻", "می‌خواهم 👩‍💻"),
        ("half \ud83d", "half \ufffd"),
        ("<b> <> < 3", "<b> <> < 3"),
    ],
)
def test_what_slack_makes_of_text_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert as_typed(sent) == typed


WORDS = st.one_of(
    st.sampled_from(
        ["<", ">", "&", "&amp;", "&lt;", "<@U0RILEY>", "|", "@riley", "#hiring", "@", "!", "'", '"']
    ),
    st.sampled_from(["https://x.example/a?b=1&c=2", "backend", "sr.", "45", "-5", "C++"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "S", "P"]), max_size=6),
)


def plain_mention(text: str) -> str:
    """Who is named by an id is read by name."""
    return text.replace("<@U0RILEY>", "@riley")


@given(st.lists(WORDS, max_size=8), st.booleans())
def test_any_text_is_the_same_after_its_way_through_slack(words: list[str], phone: bool) -> None:
    typed = " ".join(words).strip()
    sent = as_sent(typed, {RILEY.id: RILEY}, {HIRING.id: HIRING}, named=True)
    if phone:  # which makes its own of quotes and spaces
        sent = sent.replace("'", "’").replace('"', "”").replace(" ", "\u00a0")
    command = command_of(command_fields("/jd", "https://x.example") | {"text": sent})
    assert command.text == plain_mention(typed)


@given(st.text(st.characters()))
def test_text_of_any_kind_can_be_kept_once_it_is_read(text: str) -> None:
    as_typed(text).encode()
