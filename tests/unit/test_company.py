"""`company.toml`: what it says is known everywhere, what it gets wrong is named, and without it
nothing untrue is said."""

from pathlib import Path

import pytest

from bot.domain.company import Company
from bot.domain.openings.places import Place
from bot.library.catalogue import Library
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, load_layers
from tests.support.content import posting_alone

WHOLE = (BUILT_IN / "playground" / "company.toml").read_text()


def library(folder: Path, company: str | None = None) -> Library:
    if company is not None:
        (folder / "company.toml").write_text(company)
    return load_layers([folder])


def faults(folder: Path, company: str) -> list[str]:
    with pytest.raises(ContentError) as refused:
        library(folder, company)
    return [str(fault).replace(f"{folder}/", "") for fault in refused.value.faults]


@pytest.fixture(autouse=True)
def role(tmp_path: Path) -> Path:
    return posting_alone(tmp_path)


def test_all_that_it_says_is_known(tmp_path: Path) -> None:
    company = library(tmp_path, WHOLE).company
    assert company.name == "Northwind Labs"
    assert company.site == "https://northwind.example"
    assert (company.currency, company.days_kept) == ("USD", 180)
    assert company.zone == "America/Los_Angeles"
    assert Place("DE", None, "Berlin") in company.places
    assert company.process[0].text == "A call with our recruiter: 20 minutes, within a week"
    assert "people@northwind.example" in company.adjustments
    assert company.missing == ()


def test_without_it_everything_said_is_true_for_anybody(tmp_path: Path) -> None:
    company = library(tmp_path).company
    assert "same written standards" in company.equal_opportunity
    assert "tell us" in company.adjustments
    assert "delete it" in company.privacy_notice
    assert {company.name, company.site, company.currency, company.days_kept} == {None}
    assert {"name", "about", "privacy.days_kept", "places"} <= set(company.missing)
    assert "locale" not in company.missing


def test_how_long_data_is_kept_is_said_in_the_companys_language(tmp_path: Path) -> None:
    text = 'locale = "de"\nadjustments = "hilfe@firma.example"\n[privacy]\ndays_kept = 90\n'
    company = library(tmp_path, text).company
    assert "Wir bewahren es 90 Tage lang auf." in company.privacy_notice
    assert "hilfe@firma.example" in company.adjustments


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('nmae = "X"', "nmae: is not a known key"),
        ("name = 3", "name: must be text in quotes"),
        ('name = "\u200b"', "name: This has no visible characters"),
        ('site = "northwind.example"', "site: must be an address that begins with https://"),
        ('logo = "javascript:alert(1)"', "logo: must be an address that begins with https://"),
        ('currency = "EURO"', "currency: must be a currency's three letters by ISO 4217"),
        ('currency = "DEM"', "currency: must be a currency's three letters by ISO 4217"),
        ('zone = "Berlin"', "zone: must be a time zone's name, such as Europe/Berlin"),
        ('locale = "xx"', "locale: must be one of de, en, es, fr, ja, or have a file locales/xx"),
        ('locale = "German"', "locale: must be a language such as de or pt-BR"),
        ('adjustments = "ask Jo"', "adjustments: must be an email address, or an address"),
        ('[[places]]\ncountry = "UK"', "places[1].country: must be a country's two letters"),
        ('[[places]]\ncity = "Oslo"', "places[1].country: is missing"),
        ("[privacy]\ndays_kept = 0", "privacy.days_kept: must be 2 or more"),
        ("[privacy]\ndays = 90", "privacy.days: is not a known key"),
        ('[[process]]\nstage = ""', "process[1].stage: must not be empty"),
        ("about = [\n", "is not valid TOML"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_file_and_place(
    tmp_path: Path, text: str, fault: str
) -> None:
    assert any(line.startswith(f"company.toml: {fault}") for line in faults(tmp_path, text)), (
        faults(tmp_path, text)
    )


def test_a_file_of_a_similar_name_is_no_company(tmp_path: Path) -> None:
    (tmp_path / "compny.toml").write_text('name = "X"')
    with pytest.raises(ContentError, match=r"the closest is company\.toml"):
        library(tmp_path)


def test_its_texts_stand_in_each_posting_that_has_none_of_its_own(tmp_path: Path) -> None:
    posting_alone(tmp_path, "lift-planner", 'about = ["Planners plan."]\n')
    both = library(tmp_path, WHOLE)
    technician, planner = both.role("lift-technician"), both.role("lift-planner")
    assert technician is not None
    assert planner is not None
    assert technician.about == both.company.about
    assert planner.about == ("Planners plan.",)
    assert planner.benefits == both.company.benefits
    assert technician.process[3] == "Our answer, with reasons: within 5 business days"


def test_a_posting_in_another_language_keeps_to_itself(tmp_path: Path) -> None:
    posting_alone(tmp_path, more='locale = "de"\n')
    role = library(tmp_path, WHOLE).role("lift-technician")
    assert role is not None
    assert role.about == ()
    assert role.words.headings.about == "Über uns"


def test_the_version_of_a_role_changes_with_the_company(tmp_path: Path) -> None:
    def version(company: str | None) -> str:
        role = library(tmp_path, company).role("lift-technician")
        assert role is not None
        return role.version

    alone = version(None)
    first = version('about = ["We keep lifts."]')
    assert version('name = "Lifts"') == alone, "nothing of it stands in the posting"
    assert len({alone, first, version('about = ["We keep all lifts."]')}) == 3


def test_the_demo_has_a_company() -> None:
    from bot.commands.demo import COMPANY

    assert load_layers([BUILT_IN], BUILT_IN, COMPANY).company.name == "Northwind Labs"
    assert load_layers([BUILT_IN], BUILT_IN).company.name is None


def test_it_is_frozen() -> None:
    company = Company(equal_opportunity="", adjustments="", privacy_notice="")
    with pytest.raises(AttributeError):
        company.name = "X"  # type: ignore[misc]
