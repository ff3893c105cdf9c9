"""A few of the submissions of `make chaos`, so that it cannot rot between its runs."""

from tests.chaos.submissions import run


async def test_what_was_acknowledged_outlives_every_kill(database_url: str) -> None:
    """Each submission is three acknowledged writes: two steps, and all of it."""
    report = await run(database_url, 14, seed=7, lives=(0.1, 0.3), receipts=False)
    assert report.faults == [], str(report)
    assert report.kills
    assert len(report.acknowledged) == 14
