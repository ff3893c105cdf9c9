"""*Open record* over the wire: a decision as it was made, whatever was written since."""

from handlers.views.debriefs.debrief import OWN_FIRST
from handlers.views.debriefs.packet import TITLE
from tests.integration.test_debriefs import house, labels, opens, shown
from tests.integration.test_debriefs_decisions import REASON as WHY
from tests.integration.test_debriefs_decisions import all_lean, decides, opened_early, passes
from tests.integration.test_scorecards import PROBE, QUESTION, REASON, House, gives, kits, submits
from tests.support.northwind import ALEX, ANA, PRIYA, SAM
from tests.support.scorecards import MARKERS

__all__ = ["house"]


async def test_the_record_shows_what_there_was_though_it_changed_since(house: House) -> None:
    morgan, priya = await all_lean(house), house.person(PRIYA)
    await decides(morgan)
    await morgan.closes()
    await passes(house, 5)
    await priya.presses(kits(priya)[0], "Edit scorecard")
    changed = {QUESTION: "no", REASON: "Read my notes again.", PROBE: "zebra crossings"}
    assert (await submits(house, priya, changed)).ok
    await opens(morgan)
    assert (await morgan.presses(morgan.modal, "Open record")).ok
    page = shown(morgan.modal)
    assert morgan.modal.payload["title"]["text"] == TITLE
    for words in ("Decision: offer", WHY, "Data modeling · Solid", "first read others' feedback"):
        assert words in page
    assert "Outstanding: " in page
    assert page.count(" · No") == 1, "Sam alone had said so then"
    pages = []
    while "Next" in labels(morgan.modal):
        await morgan.presses(morgan.modal, "Next")
        pages.append(shown(morgan.modal))
    assert len(pages) == 6, "one a person, and what the ratings stood for"
    assert any("Bisected it in two steps." in one for one in pages)
    assert not any("zebra" in one for one in pages)
    assert f"{MARKERS[0]} of {ALEX}" in " ".join(pages)
    assert "Solid: " in pages[-1]


async def test_whoever_has_a_scorecard_to_write_finds_no_record(house: House) -> None:
    morgan = await opened_early(house)
    await decides(morgan)
    await passes(house, 1)
    sam = house.person(SAM)
    await opens(sam)
    assert OWN_FIRST in shown(sam.modal)
    assert "Open record" not in labels(sam.modal)
    await sam.closes()
    for user in (SAM, PRIYA, ANA):
        await gives(house, user)
    await opens(sam)
    assert (await sam.presses(sam.modal, "Open record")).ok
    assert "System design · no one rated it" in shown(sam.modal), "his own came later"
