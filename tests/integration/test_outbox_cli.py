"""`panelist outbox` and `panelist doctor` on messages that did not arrive, as an operator runs them
beside a running Panelist."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.panels.panel import Panel
from bot.library.catalogue import Library
from bot.services.messages.panels import SoonMessage, enqueue_panel
from bot.storage.database import Database
from tests.integration.test_cli import Done
from tests.integration.test_cli import panelist as command_line
from tests.support.content import NO_COMPANY, posting_alone
from tests.support.panelist import Panelist, running
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import StandIn, refused
from tests.support.waiting import until
from tests.support.wire import SECRET

ALEX, SAM, ORGANIZER, MANAGER = "UALEX", "USAM", "U1", "UMANAGER"
TO_COME = datetime.now(UTC) + timedelta(days=1)
IDS = {ALEX: "1" * 16, SAM: "2" * 16}
KIT, SAMS_KIT = (f"kit:{IDS[one]}" for one in (ALEX, SAM))


async def operator(slack: StandIn, url: str, *command: str, **settings: str) -> Done:
    """Runs a command with the settings of the server."""
    given = {
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": "xoxb-a-token",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
    }
    return await asyncio.to_thread(command_line, *command, cwd=Path("/"), **given | settings)


async def sets_up(
    database: Database, library: Library, *interviewers: str, due_at: datetime | None = None
) -> Panel:
    """A panel tomorrow, whose kits are due now, or were at that time."""
    interviews = [interview(one, id=IDS[one], starts_at=TO_COME) for one in interviewers]
    made = replace(panel(*interviews), id="a" * 16)
    async with database.write() as tx:
        await stored(tx, made, frozen(library))
        await enqueue_panel(tx, made, due_at or datetime.now(UTC))
    return made


async def all_have_ended(panelist: Panelist, *keys: str) -> None:
    async def ended() -> bool:
        async with panelist.application.database.read() as tx:
            rows = [await tx.outbox.get("T1", key) for key in keys]
        return all(row is not None and row.state in ("failed", "sent") for row in rows)

    await until(ended)


async def test_doctor_names_every_kit_that_failed_and_one_is_sent_again(
    slack: StandIn, database_url: str, library: Library
) -> None:
    refusals = [refused("user_disabled")] * 3
    async with running(slack, database_url) as panelist:
        slack.fails("conversations.open", *refusals)
        await sets_up(panelist.application.database, library, ALEX, SAM)
        await all_have_ended(panelist, KIT, SAMS_KIT)

        done = await operator(slack, database_url, "doctor")
        assert done.returncode == 1
        for person in (ALEX, SAM):
            assert f"Not delivered: 1 panel.kit to {person} in T1, due " in done.stdout
        assert "(user_disabled)" in done.stdout

        done = await operator(slack, database_url, "outbox", "--failed", "--json")
        failed = {one["key"]: one for one in json.loads(done.stdout)}
        assert failed[KIT]["recipient"] == ALEX
        assert (failed[KIT]["state"], failed[KIT]["error"]) == ("failed", "user_disabled")
        assert "Robin" not in done.stdout

        slack.faults.clear()
        done = await operator(slack, database_url, "outbox", "--retry", KIT)
        assert (done.returncode, KIT in done.stdout) == (0, True)

        async def has_a_kit() -> bool:
            return len(slack.conversations.said_to(ALEX)) == 1

        await until(has_a_kit)
        await all_have_ended(panelist, KIT)
        done = await operator(slack, database_url, "outbox", "--retry", KIT)
        assert (done.returncode, done.stderr) == (1, "This message hasn't failed: it is sent.\n")


async def test_where_one_organizer_cannot_be_told_of_a_failure_the_other_is(
    slack: StandIn, database_url: str, library: Library
) -> None:
    async with running(slack, database_url) as panelist:
        slack.fails("conversations.open", *[refused("user_disabled")] * 2)
        await sets_up(panelist.application.database, library, ALEX)

        async def the_other_knows() -> bool:
            return bool(slack.conversations.said_to(MANAGER))

        await until(the_other_knows)
        assert slack.conversations.said_to(ORGANIZER) == []
        done = await operator(slack, database_url, "doctor")
        assert f"1 panel.undelivered to {ORGANIZER} in T1" in done.stdout


async def test_doctor_says_for_whom_a_message_is_late_and_since_when(
    slack: StandIn, database_url: str, library: Library
) -> None:
    """However often its next attempt has been put off."""
    database = Database(database_url)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    made = await sets_up(database, library)
    ids = {"workspace": "T1", "panel": made.id, "recipient": ALEX}
    soon = SoonMessage(interview="i-gone", starts_at=TO_COME, **ids)
    async with database.write() as tx:
        await soon.enqueue(tx, an_hour_ago)
    done = await operator(slack, database_url, "doctor")
    assert done.returncode == 1
    since = f"{an_hour_ago:%a %Y-%m-%d %H:%M} UTC"
    told = f"Late: 1 panel.soon to {ALEX} in T1, due {since} (not tried: is Panelist running?)."
    assert told in done.stdout
    await database.close()


async def test_what_slack_keeps_putting_off_is_late_since_it_was_due_first(
    slack: StandIn, database_url: str, library: Library
) -> None:
    database = Database(database_url)
    now = datetime.now(UTC)
    an_hour_ago = now - timedelta(hours=1)
    await sets_up(database, library, ALEX, due_at=an_hour_ago)
    slack.fails("conversations.open", refused("missing_scope"))
    async with running(slack, database_url):
        await slack.next_call("conversations.open")
    async with database.read() as tx:
        row = await tx.outbox.get("T1", KIT)
        [late] = await tx.undelivered.late(now)
        assert await tx.undelivered.oldest_late(now) == (1, an_hour_ago)
    assert row is not None
    assert row.due_at > now, "the next attempt"
    assert (late.recipient, late.attempts, late.since) == (ALEX, 1, an_hour_ago)
    await database.close()


async def test_doctor_tells_of_the_content(
    slack: StandIn, sqlite_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "content"
    posting_alone(folder)

    async def said() -> Done:
        given = {"PANELIST_CONTENT": str(folder)}
        return await operator(slack, sqlite_database, "doctor", **given)

    assert "There's no company.toml" in (await said()).stdout
    (folder / "company.toml").write_text('name = "Lifts"\nsite = "https://lifts.example"\n')
    done = await said()
    assert f"Advice: {folder}/company.toml doesn't say: logo, currency" in done.stdout
    assert done.returncode == 0
    (folder / "company.toml").write_text('nmae = "Lifts"\n')
    done = await said()
    assert "company.toml: nmae: is not a known key" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_doctor_tells_of_a_revoked_token_where_nobody_owes_anything(
    slack: StandIn, sqlite_database: str, name: str
) -> None:
    settings = {"SLACK_APP_TOKEN": "xapp-a-token"}
    well = await operator(slack, sqlite_database, "doctor", **settings)
    assert well.stdout == f"No faults.\n{NO_COMPANY}"
    method = {"SLACK_BOT_TOKEN": "auth.test", "SLACK_APP_TOKEN": "apps.connections.open"}[name]
    slack.fails(method, refused("token_revoked"))
    done = await operator(slack, sqlite_database, "doctor", "--json", **settings)
    assert done.returncode == 1
    [fault] = json.loads(done.stdout)["faults"]
    assert f"Slack refuses {name} (token_revoked)" in fault


async def test_a_key_that_no_message_has_is_named(slack: StandIn, sqlite_database: str) -> None:
    done = await operator(slack, sqlite_database, "outbox", "--retry", "kit:nobody")
    assert (done.returncode, "'kit:nobody'" in done.stderr) == (1, True)
    assert (await operator(slack, sqlite_database, "outbox")).stdout == "Nothing to list.\n"
    assert (await operator(slack, sqlite_database, "outbox", "--held", "--failed")).returncode == 2


async def test_what_is_too_late_is_not_sent_again(
    slack: StandIn, sqlite_database: str, library: Library
) -> None:
    database = Database(sqlite_database)
    soon = SoonMessage(
        workspace="T1", panel="p1", interview="i1", recipient=ALEX, starts_at=TO_COME
    )
    now = datetime.now(UTC)
    async with database.write() as tx:
        await soon.enqueue(tx, now - timedelta(hours=2), now - timedelta(hours=1))
        [row] = await tx.undelivered.named(soon.key)
        await tx.undelivered.hold(now)
    done = await operator(slack, sqlite_database, "outbox", "--retry", row.key)
    assert done.returncode == 1
    assert "too late" in done.stderr
    await database.close()
