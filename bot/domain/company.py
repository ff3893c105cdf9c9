"""The company that hires: what its postings, pages and answers say of it."""

from dataclasses import dataclass

from bot.domain.openings.places import Place


@dataclass(frozen=True)
class Stage:
    """A step of how the company hires, and when it takes place or how long it takes."""

    name: str
    time: str = ""

    @property
    def text(self) -> str:
        return f"{self.name}: {self.time}" if self.time else self.name


@dataclass(frozen=True)
class CompanyPages:
    """What only the jobs pages say and show of the company.

    `brand` and `brand_dark` are its color on a light and on a dark ground, such as #0b5a6f.
    `decides` says who decides about an application, `answer_days` within how many business days
    whoever applies is answered. `contact` is an address or an email address.
    """

    headline: str | None = None
    introduction: str | None = None
    brand: str | None = None
    brand_dark: str | None = None
    decides: str | None = None
    answer_days: int | None = None
    legal_notice: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Company:
    """What the content folder's company.toml says.

    What candidates must be told (`equal_opportunity`, `adjustments`, `privacy_notice`) is always
    there: where the company doesn't say it, in sentences of Panelist that are true for anybody.
    `missing` are the keys that the file doesn't give, all of them where there is no file.
    `currency` is an ISO 4217 code, and `zone` is where its days end, as the IANA database names it.
    """

    equal_opportunity: str
    adjustments: str
    privacy_notice: str
    name: str | None = None
    site: str | None = None
    logo: str | None = None
    about: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    process: tuple[Stage, ...] = ()
    adjustments_contact: str | None = None
    privacy_link: str | None = None
    days_kept: int | None = None
    currency: str | None = None
    zone: str | None = None
    places: tuple[Place, ...] = ()
    locale: str = "en"
    pages: CompanyPages = CompanyPages()
    missing: tuple[str, ...] = ()
