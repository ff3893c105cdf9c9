"""*Workspace settings*: what admins choose for everyone, reminders aside."""

import re
from collections.abc import Awaitable, Callable

from bot.errors import UserError
from bot.services.settings import SettingsService
from handlers.edge import Answer
from handlers.home import AppHome, view_of
from handlers.ids import SETTINGS_APPROVERS, SETTINGS_JOBS_CHANNEL
from handlers.payloads import NotOffered, Press, in_channel
from handlers.views.home import settings as forms


class SettingsListeners:
    """The listeners; each choice holds at once."""

    def __init__(self, settings: SettingsService, home: AppHome) -> None:
        self._settings = settings
        self._home = home

    async def approval(self, press: Press) -> Answer:
        """Whether jobs are approved before they are public."""
        if press.value not in (forms.ON, forms.OFF):
            raise NotOffered
        is_on = press.value == forms.ON
        who = (press.workspace, press.user)
        return self._chosen(press, lambda: self._settings.approve_openings(*who, is_on=is_on))

    async def approvers(self, press: Press) -> Answer:
        """Who approves them."""
        people = view_of(press).people(SETTINGS_APPROVERS)
        who = (press.workspace, press.user)
        return self._chosen(press, lambda: self._settings.name_approvers(*who, people))

    async def jobs_channel(self, press: Press) -> Answer:
        """Where jobs are usually posted."""
        channel = view_of(press).conversation(SETTINGS_JOBS_CHANNEL)
        if channel is not None and in_channel(channel) is None:
            raise UserError("Choose a channel, not a person.")
        who = (press.workspace, press.user)
        return self._chosen(press, lambda: self._settings.choose_jobs_channel(*who, channel))

    async def deciders(self, press: Press) -> Answer:
        """Whether a second decider confirms decisions."""
        if press.value not in (forms.ON, forms.OFF):
            raise NotOffered
        is_on = press.value == forms.ON
        who = (press.workspace, press.user)
        return self._chosen(press, lambda: self._settings.confirm_decisions(*who, is_on=is_on))

    async def answer_days(self, press: Press) -> Answer:
        """In how many working days candidates hear."""
        if not re.fullmatch("[0-9]{1,2}", press.value):
            raise NotOffered
        who = (press.workspace, press.user)
        days = int(press.value)
        return self._chosen(press, lambda: self._settings.answer_within(*who, days))

    def _chosen(self, press: Press, choose: Callable[[], Awaitable[None]]) -> Answer:
        async def keep() -> None:
            try:
                await choose()
            finally:
                # What was refused must not go on standing there as if it held.
                await self._home.show_both(press, forms.everyone)

        return Answer(after=keep)
