"""How people choose whose public holidays they have, and days off."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    Option,
    OptionGroup,
    PlainTextObject,
    StaticSelectElement,
    UrlInputElement,
)

from bot.domain.dates import short_time_in
from bot.domain.holidays import (
    COMPANY,
    NO_COUNTRY,
    CalendarSource,
    HolidayCalendar,
    countries_with_holidays,
    country_of_zone,
)
from bot.domain.home import Home
from bot.domain.names import search_key
from bot.domain.openings.places import country_name
from bot.domain.reminders import ReminderPolicy
from bot.errors import UserError
from handlers.ids import (
    HOME_CALENDAR,
    HOME_COUNTRY,
    HOME_DAY_OFF,
    HOME_DAYS_OFF_UNTIL,
    HOME_EVERY_COUNTRY,
    ActionId,
    FormField,
    ViewId,
)
from handlers.payloads import Token
from handlers.views.common import Json, actions, context, cut, modal, mrkdwn
from handlers.views.forms import input_of, option
from handlers.views.home.controls import block_of, labelled

BY_ZONE, OF_COMPANY, NOBODYS = "zone", "company", "none"
EVERYWHERE, NOWHERE = "by_country", "none"


def in_words(home: Home) -> Sequence[str]:
    """Whose holidays the person has, such as "public holidays in Germany", "company calendar"."""
    country = home.person.country(home.policy)
    return [
        *([f"public holidays in {country_name(country)}"] if country else []),
        *(["company calendar"] if home.person.company_days(home.policy) is not None else []),
    ]


def own_country(home: Home) -> list[Block]:
    """Whose public holidays the person has."""
    country = home.person.chosen_holidays(home.policy)
    usual, none, company = _by_zone(home), option("None", NOBODYS), _of_company(home)
    if country == COMPANY:
        own = company[0]
    else:
        own = option(cut(country_name(country), 75), country) if country else none
    names = {code: country_name(code) for code in countries_with_holidays()}
    in_order = sorted(names, key=lambda code: search_key(names[code]))
    letters = groupby(in_order, key=lambda code: search_key(names[code])[:1].upper())
    select = StaticSelectElement(
        action_id=ActionId.HOME_COUNTRY,
        option_groups=[
            OptionGroup(label=PlainTextObject(text="Usual"), options=[usual, *company, none]),
            *(
                OptionGroup(
                    label=PlainTextObject(text=letter),
                    options=[option(cut(names[code], 75), code) for code in codes],
                )
                for letter, codes in letters
            ),
        ],
        initial_option=usual if country is None else own,
    )
    return [labelled("*Public holidays*", HOME_COUNTRY, select)]


def _by_zone(home: Home) -> Option:
    """What holds where nothing is chosen."""
    has_calendar = home.policy.company_days is not None
    if not home.policy.public_holidays:
        usual = "company calendar" if has_calendar else "none"
        return option(f"Workspace default: {usual}", BY_ZONE)
    country = country_of_zone(home.person.zone)
    more = " + company calendar" if has_calendar else ""
    room = 75 - len("Your time zone's: ") - len(more)
    name = cut(country_name(country), room) if country else "none known"
    return option(f"Your time zone's: {name}{more}", BY_ZONE)


def _of_company(home: Home) -> list[Option]:
    """The company's calendar alone, where there is one."""
    if home.policy.company_days is None:
        return []
    return [option("Company calendar only", OF_COMPANY)]


def chosen_country(value: str) -> str | None:
    """What was chosen there, as it is kept. Raises UserError where it was not offered."""
    if value == BY_ZONE:
        return None
    if value == OF_COMPANY:
        return COMPANY
    if value == NOBODYS:
        return NO_COUNTRY
    if value not in countries_with_holidays():
        raise UserError("Choose one of the values that are offered.")
    return value


def everybodys(policy: ReminderPolicy) -> list[Block]:
    """Whether everybody has the public holidays of their country who made no choice."""
    options = [option("By each person's country", EVERYWHERE), option("None", NOWHERE)]
    select = StaticSelectElement(
        action_id=ActionId.HOME_EVERY_COUNTRY,
        options=options,
        initial_option=options[0 if policy.public_holidays else 1],
    )
    return [labelled("*Public holidays*", HOME_EVERY_COUNTRY, select)]


def chosen_everywhere(value: str) -> bool:
    """Raises UserError where it was not offered."""
    if value not in (EVERYWHERE, NOWHERE):
        raise UserError("Choose one of the values that are offered.")
    return value == EVERYWHERE


class CalendarToken(Token):
    """The form of the calendar's address; `root` is the view below it."""

    root: str | None = None


def company_calendar(home: Home) -> list[Block]:
    """The company's own calendars, and what came of reading them."""
    by_source = {one.source: one for one in home.calendars}
    address = by_source.get(CalendarSource.ADDRESS)
    button = ButtonElement(
        text="Change address" if address else "Set address",
        action_id=ActionId.HOME_CALENDAR,
        accessibility_label="Change the address of the company calendar",
    )
    block = mrkdwn("*Company calendar*")
    block.accessory = button
    lines = [_read(one, home) for one in home.calendars]
    return [block, context("\n".join(lines) or "None. Its all-day events become holidays.")]


def _read(one: HolidayCalendar, home: Home) -> str:
    """Such as "calendar.example.com: 14 days off, read Tue, Dec 1, 2:00 PM"."""
    where = cut(one.where, 75)
    count = len(one.days)
    days = f"{count} day{'' if count == 1 else 's'} off"
    if one.fault is not None:
        kept = f" The {days} from before still hold." if count else ""
        return f"{where}: couldn't be read: {one.fault}.{kept}"
    if one.fetched_at is None:
        return f"{where}: not read yet"
    return f"{where}: {days}, read {short_time_in(home.person.zone, one.fetched_at)}"


def address_form(home: Home, root: str | None) -> Json:
    """Where the company's calendar is; emptied, it is nowhere any more."""
    known = [one.url for one in home.calendars if one.source is CalendarSource.ADDRESS]
    return modal(
        "Company calendar",
        [
            input_of(
                HOME_CALENDAR,
                "Address of an .ics file",
                UrlInputElement(
                    action_id=HOME_CALENDAR.action,
                    initial_value=known[0] if known else None,
                    placeholder=PlainTextObject(text="https://"),
                ),
                optional=True,
                hint="Its all-day events are days off for everyone who hasn't chosen otherwise. "
                "It's read once a day. Empty this to use none.",
            ),
        ],
        close="Cancel",
        submit="Save",
        callback=ViewId.HOME_CALENDAR,
        metadata=CalendarToken(root=root).dump(),
    )


def days_off(days: Sequence[date]) -> list[Block]:
    """The first and the last of some days off, to be added to those that there are."""
    first, last = _day(HOME_DAY_OFF, "First day"), _day(HOME_DAYS_OFF_UNTIL, "Last day")
    add = ButtonElement(text="Add days off", action_id=ActionId.HOME_ADD_DAYS_OFF)
    pickers = actions([first, last, add])
    pickers.block_id = block_of(HOME_DAY_OFF, first, days)
    return [mrkdwn("*Days off*"), pickers]


def _day(field: FormField, placeholder: str) -> DatePickerElement:
    return DatePickerElement(action_id=field.action, placeholder=PlainTextObject(text=placeholder))
