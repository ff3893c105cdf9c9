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
)

from bot.domain.holidays import NO_COUNTRY, countries_with_holidays, country_of_zone
from bot.domain.home import Home
from bot.domain.names import search_key
from bot.domain.openings.places import country_name
from bot.domain.reminders import ReminderPolicy
from bot.errors import UserError
from handlers.ids import (
    HOME_COUNTRY,
    HOME_DAY_OFF,
    HOME_DAYS_OFF_UNTIL,
    HOME_EVERY_COUNTRY,
    ActionId,
    FormField,
)
from handlers.views.common import actions, cut, mrkdwn
from handlers.views.forms import option
from handlers.views.home.controls import block_of, labelled

BY_ZONE, NOBODYS = "zone", "none"
EVERYWHERE, NOWHERE = "by_country", "none"


def of_country(country: str) -> str:
    """Such as "public holidays in Germany"."""
    return f"public holidays in {country_name(country)}"


def own_country(home: Home) -> list[Block]:
    """Whose public holidays the person has."""
    usual, none, country = _by_zone(home), option("None", NOBODYS), home.person.holiday_country
    own = option(cut(country_name(country), 75), country) if country else none
    names = {code: country_name(code) for code in countries_with_holidays()}
    in_order = sorted(names, key=lambda code: search_key(names[code]))
    letters = groupby(in_order, key=lambda code: search_key(names[code])[:1].upper())
    select = StaticSelectElement(
        action_id=ActionId.HOME_COUNTRY,
        option_groups=[
            OptionGroup(label=PlainTextObject(text="Usual"), options=[usual, none]),
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
    if not home.policy.public_holidays:
        return option("Workspace default: none", BY_ZONE)
    country = country_of_zone(home.person.zone)
    name = country_name(country) if country else "none known"
    return option(cut(f"Your time zone's: {name}", 75), BY_ZONE)


def chosen_country(value: str) -> str | None:
    """What was chosen there, as it is kept. Raises UserError where it was not offered."""
    if value == BY_ZONE:
        return None
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


def days_off(days: Sequence[date]) -> list[Block]:
    """The first and the last of some days off, to be added to those that there are."""
    first, last = _day(HOME_DAY_OFF, "First day"), _day(HOME_DAYS_OFF_UNTIL, "Last day")
    add = ButtonElement(text="Add days off", action_id=ActionId.HOME_ADD_DAYS_OFF)
    pickers = actions([first, last, add])
    pickers.block_id = block_of(HOME_DAY_OFF, first, days)
    return [mrkdwn("*Days off*"), pickers]


def _day(field: FormField, placeholder: str) -> DatePickerElement:
    return DatePickerElement(action_id=field.action, placeholder=PlainTextObject(text=placeholder))
