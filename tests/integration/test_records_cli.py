"""Records on the command line, as whoever runs Panelist does it."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.integration.test_outbox_cli import operator
from tests.support.records import id_of, markers, remains, written
from tests.support.slack import StandIn, refused

JO, KIM = (id_of("candidates", whose) for whose in ("jo", "kim"))


@pytest.fixture
async def database(sqlite_database: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_database)
    async with opened.write() as tx:
        for whose in ("jo", "kim"):
            await written(tx, whose)
    yield opened
    await opened.close()


async def test_a_candidate_is_erased_with_what_is_left_named(
    slack: StandIn, sqlite_database: str, database: Database, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    assert (await operator(slack, sqlite_database, "backup", str(backup))).returncode == 0
    unsure = await operator(slack, sqlite_database, "erase", JO)
    assert (unsure.returncode, unsure.stderr) == (
        1,
        f"To erase {JO} without being asked: panelist erase {JO} --yes\n",
    )
    slack.fails("chat.delete", refused("not_in_channel"))
    done = await operator(slack, sqlite_database, "erase", JO, "--yes")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"Nothing of {JO} is left in the database since ")
    assert lines[1] == "Messages and files deleted in Slack: 3."
    assert lines[2].startswith("Delete this by hand: ")
    assert lines[2].endswith(" (not_in_channel).")
    assert lines[3:] == [f"Still in a backup: {backup}, 0 hours old."]
    left = await remains(database)
    assert [one for one in markers("jo") if one in left] == []
    doctor = await operator(slack, sqlite_database, "doctor", SLACK_BOT_TOKEN="")
    assert f"Delete by hand for {JO}: " in doctor.stdout
    again = await operator(slack, sqlite_database, "erase", JO)
    assert again.stdout.splitlines()[0] == lines[0]
    audited = await operator(slack, sqlite_database, "audit", "--about", JO)
    assert [line.split("  ")[1:3] for line in audited.stdout.splitlines()] == [
        ["command-line", "candidate.erasure_asked"],
        ["command-line", "candidate.erased"],
    ]
    nobody = await operator(slack, sqlite_database, "erase", "nobody", "--yes")
    assert nobody.returncode == 1
    assert nobody.stderr.startswith("No candidate has the ID 'nobody'.")


async def test_a_legal_hold_is_put_on_and_taken_off(
    slack: StandIn, sqlite_database: str, database: Database
) -> None:
    on = await operator(slack, sqlite_database, "legal-hold", JO, "on")
    assert on.stdout == f"{JO} is under a legal hold: nothing is erased.\n"
    refused = await operator(slack, sqlite_database, "erase", JO, "--yes")
    assert refused.returncode == 1
    assert "legal hold" in refused.stderr
    off = await operator(slack, sqlite_database, "legal-hold", JO, "off")
    assert off.stdout == f"{JO} is no longer under a legal hold.\n"
    again = await operator(slack, sqlite_database, "legal-hold", JO, "off")
    assert again.stdout == f"{JO} wasn't held.\n"


async def test_retain_prints_who_is_old_enough_and_erases_nobody_in_the_first_two_weeks(
    slack: StandIn, sqlite_database: str, database: Database
) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    async with database.write() as tx:
        decisions = metadata.tables["decisions"]
        mine = decisions.c.panel == id_of("panels", "jo")
        await tx.connection.execute(update(decisions).where(mine).values(at=long_ago))
    dry = await operator(slack, sqlite_database, "retain", "--dry-run")
    assert dry.returncode == 0
    assert f"  {JO}  ended Wed 2020-01-01, due Thu 2020-12-31" in dry.stdout
    assert KIM not in dry.stdout
    refused = await operator(slack, sqlite_database, "retain")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Nothing is erased for its age before two weeks are over")
    async with database.write() as tx:
        (workspace,) = {(await tx.candidates.workspace_of(one)) for one in (JO, KIM)}
        found = await tx.retention.get(str(workspace), lock=True)
        await tx.retention.put(type(found)(found.policy, long_ago))
    done = await operator(slack, sqlite_database, "retain")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Erased: 1."), done.stderr
    left = await remains(database)
    assert [one for one in markers("jo") if one in left] == []
    assert [one for one in markers("kim") if one not in left] == []


async def test_the_audit_is_verified_and_its_head_printed(
    slack: StandIn, sqlite_database: str, database: Database
) -> None:
    await operator(slack, sqlite_database, "legal-hold", JO, "on")
    whole = await operator(slack, sqlite_database, "audit", "--verify", "--json")
    (chain,) = json.loads(whole.stdout)
    assert (whole.returncode, chain["entries"], chain["faults"]) == (0, 1, [])
    async with database.write() as tx:
        await tx.connection.execute(update(metadata.tables["audit"]).values(actor="U0OTHER"))
    broken = await operator(slack, sqlite_database, "audit", "--verify")
    assert broken.returncode == 1
    assert "entries were changed, added or removed" in broken.stdout
    assert chain["head"]["hash"] in broken.stdout


async def test_doctor_tells_when_candidates_are_kept_for_longer_than_promised(
    slack: StandIn, sqlite_database: str, tmp_path: Path
) -> None:
    database = Database(sqlite_database)
    async with database.write() as tx:
        await tx.workspace.take("T1")
    await database.close()
    content = tmp_path / "content"
    content.mkdir()
    (content / "company.toml").write_text(
        'name = "Northwind"\n[privacy]\nnotice = "We read what you send."\ndays_kept = 180\n'
    )
    found = await operator(slack, sqlite_database, "doctor", PANELIST_CONTENT=str(content))
    told = "company.toml promises to keep data for 180 days, but candidates who aren't hired"
    assert f"{told} are kept for 365." in found.stdout
