"""The app's home."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.holidays import DayRange
from bot.domain.home import Home
from bot.domain.reminders import (
    CHASED_FOR,
    CLOSING,
    HOURS,
    LADDER_AFTER,
    NUDGES_AFTER,
    OPENING,
    WEEK,
    ReminderPolicy,
)
from bot.errors import DatabaseAway, FieldErrors, UserError
from bot.services.holidays import HolidayCalendars, InvalidAddress
from bot.services.home import HomeService
from bot.services.ports import NotNow, OutcomeUnknown
from bot.services.reminders import Change, RemindersService
from bot.services.rights import Outsider
from handlers.edge import Answer, in_time
from handlers.ids import (
    HOME_CALENDAR,
    HOME_DAY_OFF,
    HOME_DAYS,
    HOME_DAYS_OFF_UNTIL,
    HOME_EVERY_DAYS,
    HOME_EVERY_HOUR,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
)
from handlers.payloads import Event, OpenView, Press, Submission, number
from handlers.slack import Slack
from handlers.views.common import Json
from handlers.views.home import holidays, setup
from handlers.views.home import home as views
from handlers.views.home import settings as forms

log = logging.getLogger(__name__)

MINUTES = [after // timedelta(minutes=1) for after in NUDGES_AFTER]
"""After an interview's end, at which a nudge may be chosen to come."""

Form = Callable[[Home], Json]
"""A form that shows what somebody has chosen."""


class AppHome:
    """The listeners of the app's home; each choice there holds at once."""

    def __init__(
        self,
        home: HomeService,
        reminders: RemindersService,
        calendars: HolidayCalendars,
        slack: Slack,
        prefix: str,
    ) -> None:
        self._home = home
        self._reminders = reminders
        self._calendars = calendars
        self._slack = slack
        self._prefix = prefix

    async def opened(self, event: Event) -> Answer:
        """Somebody looks at it, or at the messages beside it."""
        if event.tab != "home":
            return Answer()

        async def show() -> None:
            home = await self._home.opened(event.workspace, event.user)
            await self._publish(event.workspace, event.user, views.home(home, self._prefix))

        return Answer(after=show)

    async def written_to(self, event: Event) -> Answer:
        """Somebody writes to Panelist: it answers what it can do."""

        async def answer() -> None:
            await self._home.written_to(event.workspace, event.user, event.ts, self._prefix)

        return Answer(after=answer)

    async def settings(self, press: Press) -> Answer:
        """*Change* beside when one is written to."""

        async def show() -> None:
            home = await self._home.of(press.workspace, press.user)
            await self._open(press, forms.settings(home))

        return Answer(after=show)

    async def everyone(self, press: Press) -> Answer:
        """*Workspace settings*, for admins."""

        async def show() -> None:
            home = await self._home.for_admin(press.workspace, press.user)
            await self._open(press, forms.everyone(home))

        return Answer(after=show)

    async def set_up(self, press: Press) -> Answer:
        """*Add company* or *Add admin*: how whoever runs Panelist does it."""
        view = setup.explained(setup.SetUpToken.load(press.value).step)

        async def show() -> None:
            await self._home.require_admin(press.workspace, press.user)
            await self._open(press, view)

        return Answer(after=show)

    async def _open(self, press: Press, view: Json) -> None:
        await self._slack.of(press.workspace).open_view(press.trigger_id, view)

    async def refresh(self) -> None:
        """Shows anew whatever has changed for those who opened it lately.

        Where Slack is away, or wants it slower, that workspace's are put off; where it refuses one
        it is left.
        """
        put_off: list[tuple[str, str]] = []
        for workspace, user in await self._home.stale():
            if any(workspace == busy for busy, _ in put_off):
                put_off.append((workspace, user))
                continue
            try:
                await self._show(workspace, user)
            except (NotNow, OutcomeUnknown) as error:
                log.warning("home.put_off", extra={"error": type(error).__name__})
                put_off.append((workspace, user))
            except DatabaseAway as error:
                log.warning("home.put_off", extra={"error": type(error).__name__})
                put_off.append((workspace, user))
            except UserError as error:
                log.warning("home.stale", extra={"error": type(error).__name__})
            except Exception:  # a row that cannot be read harms one person
                log.exception("home.broken")
        await self._home.put_off(put_off)

    async def hour(self, press: Press) -> Answer:
        chosen = view_of(press).selected(HOME_HOUR)
        hour = number(chosen, HOURS) if chosen and chosen != forms.AS_DEFAULT else None
        return self._chosen(press, lambda person: replace(person, hour=hour))

    async def days(self, press: Press) -> Answer:
        days = frozenset(number(day, WEEK) for day in view_of(press).several(HOME_DAYS))
        return self._chosen(press, lambda person: replace(person, working_days=days))

    async def day_off(self, _: Press) -> Answer:
        """The first or the last day off, which *Add days off* adds."""
        return Answer()

    async def add_days_off(self, press: Press) -> Answer:
        """Without a last day it's one day."""
        first, last = view_of(press).day(HOME_DAY_OFF), view_of(press).day(HOME_DAYS_OFF_UNTIL)
        if first is None:
            raise UserError("Choose the first day off.")
        chosen = DayRange(first, last or first)
        chosen.check()
        return self._chosen(press, lambda one: replace(one, days_off=one.days_off | chosen.days))

    async def no_day_off(self, press: Press) -> Answer:
        days = forms.DayToken.load(press.value).days
        return self._chosen(press, lambda one: replace(one, days_off=one.days_off - days))

    async def country(self, press: Press) -> Answer:
        """Whose public holidays the person has."""
        country = holidays.chosen_country(press.value)
        return self._chosen(press, lambda one: replace(one, holiday_country=country))

    async def snooze(self, press: Press) -> Answer:
        """*Pause reminders until* a day, whose digest comes again."""
        day = view_of(press).day(HOME_SNOOZE)

        async def keep() -> None:
            await self._reminders.snooze(press.workspace, press.user, day)
            await self.show_both(press, forms.settings)

        return Answer(after=keep)

    async def wake(self, press: Press) -> Answer:
        return self._chosen(press, lambda person: replace(person, snoozed_until=None))

    async def every_hour(self, press: Press) -> Answer:
        chosen = view_of(press).selected(HOME_EVERY_HOUR)
        if chosen is None:
            return Answer()
        hour = number(chosen, HOURS)
        return self._for_everybody(press, lambda one: replace(one, hour=hour))

    async def every_chase(self, press: Press) -> Answer:
        days = number(press.value, CHASED_FOR)
        return self._for_everybody(press, lambda one: replace(one, chase_days=days))

    async def every_manager(self, press: Press) -> Answer:
        days = number(press.value, LADDER_AFTER)
        return self._for_everybody(press, lambda one: replace(one, manager_after=days))

    async def every_recruiter(self, press: Press) -> Answer:
        days = number(press.value, LADDER_AFTER)
        return self._for_everybody(press, lambda one: replace(one, recruiter_after=days))

    async def every_nudge(self, press: Press) -> Answer:
        chosen = press.value
        minutes = None if chosen == forms.NEVER else number(chosen, MINUTES)
        after = None if minutes is None else timedelta(minutes=minutes)
        return self._for_everybody(press, lambda one: replace(one, nudge_after=after))

    async def every_opens(self, press: Press) -> Answer:
        hour = number(press.value, OPENING)
        return self._for_everybody(press, lambda one: replace(one, opens=hour))

    async def every_closes(self, press: Press) -> Answer:
        hour = number(press.value, CLOSING)
        return self._for_everybody(press, lambda one: replace(one, closes=hour))

    async def every_days(self, press: Press) -> Answer:
        days = frozenset(number(day, WEEK) for day in view_of(press).several(HOME_EVERY_DAYS))
        return self._for_everybody(press, lambda one: replace(one, working_days=days))

    async def holiday(self, press: Press) -> Answer:
        day = view_of(press).day(HOME_HOLIDAY)
        days = frozenset({day} if day else ())
        return self._for_everybody(press, lambda one: replace(one, holidays=one.holidays | days))

    async def no_holiday(self, press: Press) -> Answer:
        days = forms.DayToken.load(press.value).days
        return self._for_everybody(press, lambda one: replace(one, holidays=one.holidays - days))

    async def every_country(self, press: Press) -> Answer:
        """Whether everybody has the public holidays of where they are."""
        is_on = holidays.chosen_everywhere(press.value)
        return self._for_everybody(press, lambda one: replace(one, public_holidays=is_on))

    async def calendar(self, press: Press) -> Answer:
        """*Set address* of the company's own calendar."""
        root = press.modal.id if press.modal is not None else None

        async def show() -> None:
            home = await self._home.for_admin(press.workspace, press.user)
            slack = self._slack.of(press.workspace)
            put = slack.open_view if root is None else slack.push_view
            await put(press.trigger_id, holidays.address_form(home, root))

        return Answer(after=show)

    async def submit_calendar(self, submission: Submission) -> Answer:
        """*Save*: the calendar is read soon after, and what lies below is shown anew."""
        typed = submission.view.typed(HOME_CALENDAR) or ""
        who = (submission.workspace, submission.user)
        try:
            await in_time(self._calendars.set_address(*who, typed))
        except InvalidAddress as invalid:
            raise FieldErrors({HOME_CALENDAR.block: invalid.text}) from invalid
        root = holidays.CalendarToken.load(submission.view.metadata).root

        async def show() -> None:
            if root is not None:
                home = await self._home.for_admin(*who)
                await self._slack.of(who[0]).update_view(root, None, forms.everyone(home))
            await self._show(*who)

        return Answer(after=show)

    def _for_everybody(
        self, press: Press, change: Callable[[ReminderPolicy], ReminderPolicy]
    ) -> Answer:
        async def keep() -> None:
            try:
                await self._home.for_everybody(press.workspace, press.user, change)
            finally:
                # What was refused must not go on standing there as if it held.
                await self.show_both(press, forms.everyone)

        return Answer(after=keep)

    def _chosen(self, press: Press, change: Change) -> Answer:
        async def keep() -> None:
            await self._reminders.choose(press.workspace, press.user, change)
            await self.show_both(press, forms.settings)

        return Answer(after=keep)

    async def show_both(self, press: Press, form: Form) -> None:
        """Shows what holds now, in the form that the choice was made in and at home."""
        if press.modal is not None:
            home = await self._home.of(press.workspace, press.user)
            slack = self._slack.of(press.workspace)
            await slack.redraw(press.modal, None, forms.as_it_holds(form(home), press.block))
        await self._show(press.workspace, press.user)

    async def _show(self, workspace: str, user: str) -> None:
        """Shows their home; to somebody who is no member any more, that it is for members."""
        try:
            view = views.home(await self._home.of(workspace, user), self._prefix)
        except Outsider as error:
            view = views.closed(error.text)
        await self._publish(workspace, user, view)

    async def _publish(self, workspace: str, user: str, view: Json) -> None:
        await self._slack.of(workspace).publish_view(user, view)


def view_of(press: Press) -> OpenView:
    """The view at home that it is in. Raises UserError where it is in none."""
    if press.view is None:
        raise UserError("Open Panelist's Home tab to change this.")
    return press.view
