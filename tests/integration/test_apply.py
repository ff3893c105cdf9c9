"""Applying on a job's own page, over HTTP, on SQLite and on PostgreSQL."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.applications import Stage
from bot.domain.apply.limits import MOST_IN_ALL, MOST_OF_NETWORK
from bot.domain.openings.opening import OpeningStatus
from bot.errors import UserError
from bot.library.content import LoadedContent
from bot.site import PAGE_POLICY
from handlers.views.apply import application as views
from tests.support.apply import ANSWERS, PDF, Desk, applying, docx, stamp_of
from tests.support.people import WORKSPACE
from tests.support.site import company_folder, loaded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company_folder(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="module")
def content(folder: Path) -> LoadedContent:
    return loaded(folder)


@pytest.fixture
async def desk(content: LoadedContent, folder: Path, database_url: str) -> AsyncIterator[Desk]:
    async with applying(content, folder, database_url) as here:
        yield here


async def test_somebody_applies_and_has_a_page_that_says_where_things_stand(desk: Desk) -> None:
    id = await desk.opens()
    job = await desk.visitor.get("/jobs/payments-developer")
    assert '<a class="btn" href="/jobs/payments-developer/apply">Apply for this job</a>' in job.text
    page = await desk.applies(file=("Zoë's résumé.pdf", PDF))
    shown = await desk.visitor.get(page)
    assert shown.status_code == 200
    assert "We have your application." in shown.text
    assert "Zoë Nguyễn<br>zoe+jobs@example.com" in shown.text
    assert "Zoë&#39;s résumé.pdf" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["content-security-policy"] == PAGE_POLICY
    assert await desk.stages() == ["applied"]
    sheet = await desk.reading.sheet(WORKSPACE, "U1", await application_of(desk))
    answers = sheet.submissions[0].current.answers
    assert (answers.name, answers.country, answers.heard) == ("Zoë Nguyễn", "DE", "A friend")
    assert sheet.opening.id == id
    assert sheet.candidate.email == "zoe+jobs@example.com"


async def application_of(desk: Desk) -> str:
    async with desk.office.database.read() as tx:
        ((_, found),) = await tx.applications.everywhere()
    return found.id


async def test_what_is_wrong_is_told_and_all_that_was_typed_is_kept(desk: Desk) -> None:
    await desk.opens()
    wrong = {"email": "zoe@example", "link": "github.com/zoe", "right_to_work": "", "country": "XX"}
    answer = await desk.sends(wrong, ("cv.pdf", PDF))
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Error: Apply: Payments Developer" in page
    assert 'id="errors" role="group" aria-labelledby="errors-title" tabindex="-1" autofocus' in page
    assert "Fix 4 things, then send again" in page
    for name in ("email", "link", "right_to_work", "country"):
        assert f'<a href="#{name}">' in page
        assert f'id="{name}-error"' in page
    assert 'value="zoe@example"' in page
    assert 'value="github.com/zoe"' in page
    assert 'value="Captions, please"' in page
    assert "<strong>cv.pdf</strong>" in page
    assert await desk.stages() == []
    again = await desk.sends(form=stamp_of(page))
    assert again.status_code == 303
    sent = await desk.visitor.get(again.headers["location"])
    assert "cv.pdf" in sent.text, "the file came with the form that was refused"


async def test_a_kept_file_is_gone_after_an_hour_and_the_form_asks_again(desk: Desk) -> None:
    await desk.opens()
    refused = await desk.sends({"email": "", "link": ""}, ("cv.pdf", PDF))
    desk.office.clock.move(minutes=61)
    await desk.parts.keeping.tick()
    assert await desk.office.count("candidate_files") == 0
    again = await desk.sends({"link": ""}, form=stamp_of(refused.text))
    assert again.status_code == 422
    assert "Add a résumé or a link to your work" in again.text


async def test_the_same_form_sent_twice_at_once_is_one_application(desk: Desk) -> None:
    await desk.opens()
    form = await desk.form()
    file = ("cv.docx", docx())
    both = await asyncio.gather(desk.sends(form=form, file=file), desk.sends(form=form, file=file))
    assert [one.status_code for one in both] == [303, 303]
    assert len({one.headers["location"] for one in both}) == 1
    third = await desk.sends({"name": "Somebody Else"}, form=form)
    assert third.headers["location"] == both[0].headers["location"]
    for table in ("applications", "candidates", "submissions", "candidate_files"):
        assert await desk.office.count(table) == 1, table


async def test_many_forms_of_one_address_at_once_are_one_candidate(desk: Desk) -> None:
    await desk.opens()
    emails = ["Zoe@Example.com", "zoe@example.com", " zoe@example.com", "ZOE@EXAMPLE.COM"]
    forms = [(await desk.form(), email) for email in emails]
    answers = await asyncio.gather(
        *(desk.sends({"email": email}, form=form) for form, email in forms)
    )
    assert [one.status_code for one in answers] == [303] * 4
    assert await desk.office.count("candidates") == 1
    assert await desk.office.count("applications") == 1
    assert await desk.office.count("submissions") == 4


async def test_tags_make_another_address_and_one_person_applies_for_two_jobs(desk: Desk) -> None:
    await desk.opens()
    await desk.applies({"email": "zoe@example.com"})
    await desk.applies({"email": "zoe+jobs@example.com"})
    assert await desk.office.count("candidates") == 2
    await desk.opens("Ledger Developer")
    desk.slug = "ledger-developer"
    await desk.applies({"email": "ZOE@example.com"})
    assert await desk.office.count("candidates") == 2
    assert await desk.office.count("applications") == 3


async def test_whoever_types_anothers_address_learns_nothing_of_them(desk: Desk) -> None:
    """The second page is word for word the first one's but for what that form sent."""
    await desk.opens()
    first = await desk.applies()
    known = (await desk.visitor.get(first)).text
    second = await desk.applies({"name": "Mallory", "phone": "", "heard": "", "adjustments": ""})
    assert second != first
    shown = (await desk.visitor.get(second)).text
    assert "Nguyễn" not in shown
    assert without(known, first, "Zoë Nguyễn", ANSWERS["phone"]) == without(
        shown, second, "Mallory", ""
    )
    assert "If you applied for this job before with the same email" in known
    application = await application_of(desk)
    async with desk.office.database.write() as tx:
        await tx.applications.put_stage(WORKSPACE, application, Stage.IN_REVIEW)
    assert "We're reading" in plain((await desk.visitor.get(first)).text)
    assert "We have your application." in (await desk.visitor.get(second)).text
    await desk.visitor.post(f"{second}/withdraw")
    assert await desk.stages() == ["in review"], "only what that form sent is withdrawn"
    await desk.visitor.post(f"{first}/withdraw")
    assert await desk.stages() == ["withdrawn"]


def plain(page: str) -> str:
    return page.replace("&#39;", "'")


def without(page: str, address: str, name: str, phone: str) -> list[str]:
    """The page's lines, but for what is its own."""
    told = page.replace(address, "").replace(name, "").replace(f'value="{phone}"', 'value=""')
    return [line for line in told.splitlines() if "Reference" not in line]


async def test_a_candidate_corrects_downloads_asks_for_erasure_and_withdraws(desk: Desk) -> None:
    await desk.opens()
    page = await desk.applies(file=("cv.pdf", PDF))
    wrong = await desk.visitor.post(f"{page}/correct", data={"phone": "1", "link": "no"})
    assert wrong.status_code == 422
    assert "Start the link with https://" in wrong.text
    files = {"resume": ("new.docx", docx())}
    given = {"phone": "+49 1", "link": "https://zoe.example"}
    done = await desk.visitor.post(f"{page}/correct", data=given, files=files)
    assert (done.status_code, done.headers["location"]) == (303, page)
    data = await desk.visitor.get(f"{page}/data.json")
    assert data.headers["content-disposition"].startswith("attachment")
    first, last = data.json()["versions"]
    assert (first["phone"], last["phone"]) == ("+49 40 123456", "+49 1")
    assert base64.b64decode(first["resume"]["content_base64"]) == PDF
    assert last["resume"]["name"] == "new.docx"
    for _ in range(2):
        assert (await desk.visitor.post(f"{page}/erase")).status_code == 303
    assert "You asked us to erase your data" in (await desk.visitor.get(page)).text
    async with desk.office.database.read() as tx:
        (asked,) = await tx.submissions.erasures_asked(WORKSPACE, 10)
    assert (asked.name, asked.opening) == ("Zoë Nguyễn", "Payments Developer")
    for _ in range(2):
        assert (await desk.visitor.post(f"{page}/withdraw")).status_code == 303
    assert "You withdrew your application." in (await desk.visitor.get(page)).text
    assert (await desk.visitor.post(f"{page}/correct", data=given)).status_code == 404
    await desk.applies()
    assert await desk.stages() == ["applied"], "while the job is open, they can apply again"


async def test_nobody_guesses_a_page_and_none_tells_that_there_are_others(desk: Desk) -> None:
    await desk.opens()
    page = await desk.applies()
    token = page.rpartition("/")[2]
    assert len(token) == 32
    for guess in ("x", token[:-1] + ("A" if token[-1] != "A" else "B"), "%00"):
        for method, more in (("GET", ""), ("GET", "/data.json"), ("POST", "/withdraw")):
            answer = await desk.visitor.request(method, f"/applications/{guess}{more}")
            assert answer.status_code in (404, 405), guess
    async with desk.office.database.read() as tx:
        rows = (await tx.connection.execute(text("SELECT * FROM submissions"))).all()
    assert token not in repr(rows), "only its hash is kept"


async def test_the_job_is_closed_while_the_form_is_open(desk: Desk) -> None:
    id = await desk.opens()
    form = await desk.form()
    await desk.becomes(id, OpeningStatus.PAUSED)
    assert (await desk.sends(form=form)).status_code == 410
    assert (await desk.visitor.get(desk.page)).status_code == 303
    await desk.becomes(id, OpeningStatus.CLOSED)
    answer = await desk.sends(form=form)
    assert answer.status_code == 410
    assert "This job is closed" in answer.text
    assert (await desk.visitor.get(desk.page)).status_code == 410
    assert await desk.office.count("submissions") == 0
    assert (await desk.visitor.get("/jobs/no-such-job/apply")).status_code == 404


async def test_a_job_that_takes_applications_elsewhere_has_no_form(desk: Desk) -> None:
    await desk.opens(applies_here=False, apply_at="https://apply.example.com/1")
    answer = await desk.visitor.get(desk.page)
    assert (answer.status_code, answer.headers["location"]) == (303, "/jobs/payments-developer")


async def test_what_looks_like_spam_is_kept_apart_until_somebody_frees_it(desk: Desk) -> None:
    id = await desk.opens()
    await desk.applies({"website": "https://spam.example", "email": "a@example.com"})
    shown = await desk.visitor.get(desk.page)
    desk.office.clock.move(seconds=1)
    await desk.sends({"email": "b@example.com"}, form=stamp_of(shown.text))
    assert await desk.office.count("applications") == 0
    apart = await desk.reading.apart(WORKSPACE, "U1", id)
    assert [str(one.suspicion) for one in apart.submissions] == ["trap", "fast"]
    for _ in range(2):
        left = await desk.reading.free(WORKSPACE, "U1", apart.submissions[0].id)
    assert [one.current.answers.email for one in left.submissions] == ["b@example.com"]
    assert await desk.stages() == ["applied"]


async def test_many_from_one_network_are_kept_apart_and_too_many_in_all_wait(desk: Desk) -> None:
    await desk.opens()
    form = await desk.form()
    for number in range(MOST_OF_NETWORK + 1):
        await desk.applies({"email": f"zoe{number}@example.com"})
    assert await desk.office.count("applications") == MOST_OF_NETWORK
    assert await desk.office.count("submissions") == MOST_OF_NETWORK + 1
    counted = desk.parts.applying._in_all
    for _ in range(MOST_IN_ALL):
        counted.add("", time.monotonic())
    answer = await desk.sends(form=form)
    assert answer.status_code == 429
    assert "Many people are applying right now." in answer.text
    assert 'value="Zoë Nguyễn"' in answer.text


async def test_a_form_that_is_old_or_not_ours_is_shown_again_as_it_was(desk: Desk) -> None:
    await desk.opens()
    form = await desk.form()
    desk.office.clock.move(days=1)
    for stamp in (form, "", "a.1.b", form[:-1], "x" * 5000):
        answer = await desk.sends(form=stamp, file=("cv.pdf", PDF))
        assert answer.status_code == 422, stamp
        assert "This form was open for too long" in answer.text
        assert '<option value="DE" selected>Germany</option>' in answer.text
        assert 'value="Zoë Nguyễn"' in answer.text
    desk.office.clock.move(minutes=1)
    assert (await desk.sends(form=stamp_of(answer.text))).status_code == 303


@pytest.mark.parametrize("count", [41, 10_000])
async def test_a_form_of_many_fields_is_refused(desk: Desk, count: int) -> None:
    await desk.opens()
    part = '--b\r\nContent-Disposition: form-data; name="field{}"\r\n\r\nx\r\n'
    body = "".join(part.format(number) for number in range(count)) + "--b--\r\n"
    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = await desk.visitor.post(desk.page, content=body, headers=kind)
    assert answer.status_code == 413


async def test_what_is_too_large_to_read_is_refused_and_6_mb_at_its_field(desk: Desk) -> None:
    await desk.opens()
    much = await desk.sends(file=("cv.pdf", PDF + b"0" * 13_000_000))
    assert much.status_code == 413
    assert "your browser may still have your answers" in much.text
    large = await desk.sends(file=("cv.pdf", PDF + b"0" * 6_000_000))
    assert large.status_code == 422
    assert "cv.pdf is 6.0 MB and the limit is 5 MB" in large.text
    assert 'value="Zoë Nguyễn"' in large.text
    long = await desk.sends({"heard": "x" * 200_000})
    assert long.status_code == 413
    form = await desk.form()
    body = {"content": b"nothing like a form", "headers": {"content-type": "text/plain"}}
    assert (await desk.visitor.post(desk.page, **body)).status_code == 422
    broken = {"content": b"--x\r\nbroken", "headers": {"content-type": "multipart/form-data"}}
    assert (await desk.visitor.post(desk.page, **broken)).status_code == 400
    assert (await desk.sends(form=form)).status_code == 303


NAMES = ["李小龙", "محمد بن سلمان", "Ünal Öztürk", "Anne-Marie O'Néill", "สมชาย ใจดี", "О'Генри"]


async def test_names_of_every_script_arrive_as_they_were_typed(desk: Desk) -> None:
    await desk.opens()
    for number, name in enumerate(NAMES[:MOST_OF_NETWORK]):
        file = (f"{name}.pdf", PDF)
        page = await desk.applies({"name": name, "email": f"n{number}@example.com"}, file)
        shown = plain((await desk.visitor.get(page)).text)
        assert f"{name}<br>" in shown
        assert f"{name}.pdf" in shown
    refused = await desk.sends({"name": "\u200b\u2060"})
    assert "Enter your name" in refused.text
    markup = await desk.sends({"name": "<script>alert(1)</script>", "email": "no"})
    assert "<script>alert" not in markup.text


async def test_files_go_to_those_with_the_right_for_minutes_and_each_is_recorded(
    desk: Desk,
) -> None:
    await desk.opens()
    await desk.applies(file=("Zoë <b>.pdf", PDF))
    application = await application_of(desk)
    desk.office.clock.move(seconds=1)
    sheet = await desk.reading.sheet(WORKSPACE, "U1", application)
    desk.office.clock.move(seconds=1)
    (link,) = sheet.links.values()
    path = link[link.index("/files/") :]
    answer = await desk.visitor.get(path)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert (await desk.visitor.get(path[:-2])).status_code == 404
    async with desk.office.database.read() as tx:
        entries = await tx.audit.about(WORKSPACE, [application])
    assert [one.action for one in entries] == [
        "application.sent",
        "application.read",
        "file.downloaded",
    ]
    desk.office.clock.move(minutes=6)
    assert (await desk.visitor.get(path)).status_code == 404


async def test_the_text_of_a_file_is_read_after_it_was_kept(desk: Desk) -> None:
    await desk.opens()
    await desk.applies(file=("cv.pdf", PDF))
    await desk.parts.keeping.tick()
    sheet = await desk.reading.sheet(WORKSPACE, "U1", await application_of(desk))
    assert list(sheet.texts.values()) == ["Ten years of Python"]


async def test_accommodations_are_for_the_recruiter_and_nothing_is_for_anybody_else(
    desk: Desk,
) -> None:
    await desk.opens()
    await desk.applies()
    application = await application_of(desk)
    recruiter = await desk.reading.sheet(WORKSPACE, "U1", application)
    manager = await desk.reading.sheet(WORKSPACE, "UMANAGER", application)
    assert (recruiter.sees_adjustments, manager.sees_adjustments) == (True, False)
    assert "Captions, please" in str(views.application(recruiter))
    assert "Captions, please" not in str(views.application(manager))
    for stranger in ("USAM", "UADMIN"):
        with pytest.raises(UserError, match="isn't yours to read"):
            await desk.reading.sheet(WORKSPACE, stranger, application)


class Clamd:
    """Answers as ClamAV's daemon does, of what it is told."""

    def __init__(self) -> None:
        self.answer = b"stream: OK\0"
        self.read = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        while length := int.from_bytes(await reader.readexactly(4)):
            self.read += await reader.readexactly(length)
        writer.write(self.answer)
        await writer.drain()
        writer.close()


async def test_a_scanner_says_which_file_nobody_gets(
    content: LoadedContent, folder: Path, sqlite_database: str
) -> None:
    clamd = Clamd()
    server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"tcp://127.0.0.1:{port}"
    async with applying(content, folder, sqlite_database, scanner=url) as desk:
        await desk.opens()
        await desk.applies(file=("cv.pdf", PDF))
        application = await application_of(desk)
        clamd.answer = b"stream: INSTREAM size limit exceeded. ERROR\0"
        await desk.parts.keeping.tick()
        before = await desk.reading.sheet(WORKSPACE, "U1", application)
        assert "not scanned for viruses" in str(views.application(before))
        (link,) = before.links.values()
        clamd.answer, clamd.read = b"stream: Eicar-Test-Signature FOUND\0", b""
        desk.parts.keeping._scan_at = 0.0
        await desk.parts.keeping.tick()
        assert clamd.read == PDF
        after = await desk.reading.sheet(WORKSPACE, "U1", application)
        assert "a virus was found" in str(views.application(after))
        assert (after.links, after.texts) == ({}, {})
        assert (await desk.visitor.get(link[link.index("/files/") :])).status_code == 404
    server.close()
    await server.wait_closed()
