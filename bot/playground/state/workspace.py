"""The state of the local Slack: people, conversations, messages, views, and what is good once."""

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.playground.state.cast import Cast
from bot.playground.state.changes import Changes, Subscription
from bot.playground.state.clock import SystemClock
from bot.playground.state.elements import carried_over, initial_values, merged, with_ids
from bot.playground.state.models import (
    BOT_USER,
    SLACKBOT,
    AppStatus,
    Channel,
    Clock,
    Exchange,
    Json,
    Message,
    ResponseUrl,
    SlackError,
    Trigger,
    User,
    View,
)
from bot.playground.state.store import Store

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
MODAL_STACK = 3
EXCHANGES_KEPT = 300
TRIGGERS_KEPT = 1000


class Workspace:
    """One workspace with one app in it; every change is kept at once and published.

    Changes are called `messages:<channel>`, `views:<user>`, `home:<user>`, `channels`, `wire`
    and `app`. Text and blocks are taken as they are: whoever adds them has checked them.
    """

    def __init__(self, store: Store, cast: Cast, bot_name: str, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.team = cast.team
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.exchanges: deque[Exchange] = deque(maxlen=EXCHANGES_KEPT)
        self.app_status = AppStatus(False, f"{bot_name} has not started yet.")
        self._cast = cast
        self._bot_name = bot_name
        self._store = store
        self._changes = Changes()
        self._triggers: dict[str, Trigger | None] = {}
        self._exchange_count = 0
        self._load()

    def subscribe(self) -> Subscription:
        """Changes from now on, as an async iterator of their names."""
        return self._changes.subscribe()

    def end_subscriptions(self) -> None:
        """Lets go of everybody who listens, as a browser does for as long as it may."""
        self._changes.end()

    @property
    def first_channel(self) -> str:
        """Where a newcomer is welcomed."""
        return self._cast.channels[0].id

    def people(self) -> list[User]:
        """Those who can be acted as, in the order of the cast."""
        return [user for user in self.users.values() if not user.is_bot and not user.deleted]

    def reset(self) -> None:
        """Forgets all that has happened, as a fresh start does, while the app goes on."""
        self._store.clear()
        self.exchanges.clear()
        self._triggers.clear()
        self._load()
        self._changes.publish("reset")

    def channels_of(self, user: str) -> list[Channel]:
        """The conversations that a person sees: those they are in, channels before DMs."""
        mine = [channel for channel in self.channels.values() if user in channel.members]
        return sorted(mine, key=lambda channel: channel.kind == "im")

    def direct_message(self, user: str, other: str = BOT_USER) -> Channel:
        """The DM of two people, opened where there is none yet."""
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == {user, other}:
                return channel
        channel = Channel(_id("D"), "", "im", (user, other))
        self._keep_channel(channel)
        return channel

    def join(self, channel_id: str, user: str) -> Channel:
        """The channel with this person among its members."""
        channel = self.channels[channel_id]
        if user not in channel.members:
            channel = replace(channel, members=(*channel.members, user))
            self._keep_channel(channel)
        return channel

    def messages(self, channel_id: str, viewer: str) -> list[Message]:
        """What a person sees in a conversation, oldest first."""
        return [
            message
            for message in self._messages.get(channel_id, {}).values()
            if message.ephemeral_to in (None, viewer)
        ]

    def replies(self, parent: Message) -> list[Message]:
        """The thread under a message, oldest first."""
        said = self.messages(parent.channel, BOT_USER)
        return [one for one in said if one.thread_ts == parent.ts and one.is_reply]

    def message(self, channel_id: str, ts: str) -> Message | None:
        return self._messages.get(channel_id, {}).get(ts)

    def add_message(self, channel: str, user: str, text: str, **fields: Any) -> Message:
        """Posts a message; its blocks get the ids that they lack."""
        blocks = with_ids(fields.pop("blocks", []))
        ts = self.next_ts()
        message = Message(
            ts=ts, channel=channel, user=user, text=text, blocks=blocks,
            bot=user == BOT_USER, **fields,
        )  # fmt: skip
        self._keep_message(message)
        return message

    def change_message(self, message: Message, *, mark: bool, **fields: Any) -> Message:
        """The message with other content; with `mark` it is shown as edited."""
        if "blocks" in fields:
            fields["blocks"] = with_ids(fields["blocks"])
        edited = self.next_ts() if mark else message.edited
        changed = replace(message, edited=edited, **fields)
        self._keep_message(changed)
        return changed

    def remove_message(self, message: Message) -> None:
        del self._messages[message.channel][message.ts]
        self._store.remove(Message, _message_key(message))
        self._changes.publish(f"messages:{message.channel}")

    def views(self, user: str) -> list[View]:
        """A person's open modals, the one on top last."""
        return list(self._stacks.get(user, ()))

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def view(self, view_id: str) -> View | None:
        """An open modal or a Home view, by id."""
        return next((view for view in self._every_view() if view.id == view_id), None)

    def view_by_external_id(self, external_id: str) -> View | None:
        """The view that the app has given this id; none for an empty one."""
        if not external_id:
            return None
        return next((view for view in self._every_view() if view.external_id == external_id), None)

    def external_id_taken(self, payload: Any, current: View | None) -> View | None:
        """Another view than `current` that has the external id of this payload."""
        external_id = payload.get("external_id", "") if isinstance(payload, dict) else ""
        other = self.view_by_external_id(external_id) if isinstance(external_id, str) else None
        return None if other is None or (current and other.id == current.id) else other

    def open_modal(self, user: str, payload: Json, channel: str | None) -> View:
        """A modal as the only one of a person."""
        view = self._new_view(user, payload, channel)
        self._keep_stack(user, [view])
        return view

    def push_modal(self, user: str, payload: Json, channel: str | None) -> View:
        """A modal on top of those that are open; at most three."""
        stack = self.views(user)
        if len(stack) >= MODAL_STACK:
            raise SlackError("push_limit_reached")
        view = self._new_view(user, payload, channel)
        if stack:
            below = stack[-1]
            view = replace(view, root_id=below.root_id, previous_id=below.id, depth=below.depth + 1)
        self._keep_stack(user, [*stack, view])
        return view

    def change_view(self, view: View, payload: Json) -> View:
        """The view with other content; what keeps its ids keeps what was typed into it."""
        payload = {**payload, "blocks": with_ids(payload["blocks"])}
        values = carried_over(view.values, payload["blocks"], view.channel)
        changed = replace(view, payload=payload, values=values, hash=self._hash())
        self._replace_view(changed)
        return changed

    def remember(self, view_id: str, values: Json) -> View | None:
        """Keeps what a person has chosen or typed (states by block id and action id)."""
        view = self.view(view_id)
        if view is None:
            return None
        changed = replace(view, values=merged(view.values, values))
        self._replace_view(changed, quietly=True)
        return changed

    def close_modal(self, user: str, view_id: str) -> list[View]:
        """Closes a modal and whatever lies on it; returns those closed."""
        stack = self.views(user)
        kept = stack[: next((i for i, view in enumerate(stack) if view.id == view_id), len(stack))]
        self._keep_stack(user, kept)
        return stack[len(kept) :]

    def close_modals(self, user: str) -> None:
        """Closes whatever a person has open, without a word to the app."""
        if self.views(user):
            self._keep_stack(user, [])

    def publish_home(self, user: str, payload: Json) -> View:
        """A person's Home view, in place of the one before."""
        before = self.home(user)
        if before is not None:
            return self.change_view(before, payload)
        view = self._new_view(user, payload, None)
        self._replace_view(view)
        return view

    def issue_trigger(
        self, user: str, channel: str | None = None, view_id: str | None = None
    ) -> Trigger:
        """A trigger id for what a person has just done."""
        trigger = Trigger(
            f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
            user, self.clock.now(), channel, view_id,
        )  # fmt: skip
        self._triggers[trigger.id] = trigger
        while len(self._triggers) > TRIGGERS_KEPT:
            del self._triggers[next(iter(self._triggers))]
        return trigger

    def trigger(self, trigger_id: str) -> Trigger:
        """What a trigger id stands for, while it is good."""
        if trigger_id not in self._triggers:
            raise SlackError("invalid_trigger_id")
        trigger = self._triggers[trigger_id]
        if trigger is None:
            raise SlackError("exchanged_trigger_id")
        if self.clock.now() - trigger.at > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        return trigger

    def spend_trigger(self, trigger: Trigger) -> None:
        self._triggers[trigger.id] = None

    def issue_response_url(
        self, user: str, channel: str, message_ts: str | None = None
    ) -> ResponseUrl:
        """A response url for what a person has just done."""
        until = (self.clock.now() + RESPONSE_URL_LIFE).timestamp()
        url = ResponseUrl(
            secrets.token_urlsafe(18), user, channel, until, RESPONSE_URL_USES, message_ts
        )
        self._keep_response_url(url)
        return url

    def response_url(self, url_id: str) -> ResponseUrl:
        """A response url that may still be used."""
        url = self._response_urls.get(url_id)
        if url is None:
            raise SlackError("invalid_url")
        if self.clock.now().timestamp() > url.until:
            raise SlackError("expired_url")
        if url.uses_left == 0:
            raise SlackError("used_url")
        return url

    def use_response_url(self, url: ResponseUrl) -> None:
        """Counts one use of a response url."""
        self._keep_response_url(replace(url, uses_left=url.uses_left - 1))

    def record(self, exchange: Exchange) -> None:
        """Shows an exchange in the inspector."""
        self.exchanges.append(exchange)
        self._changes.publish("wire")

    def next_exchange_id(self) -> int:
        self._exchange_count += 1
        return self._exchange_count

    def explain(self, exchange_id: int, error: str) -> None:
        """Adds to an exchange why its answer was refused."""
        for index, exchange in enumerate(self.exchanges):
            if exchange.id == exchange_id:
                self.exchanges[index] = replace(exchange, error=error)
                self._changes.publish("wire")

    def app_is(self, up: bool) -> None:
        """Whether the app is there to answer."""
        name = self.users[BOT_USER].real_name
        status = AppStatus(
            up,
            f"{name} is running."
            if up
            else f"{name} is not running, so it cannot answer. It will as soon as it is back.",
        )
        if status != self.app_status:
            self.app_status = status
            self._changes.publish("app")

    def close(self) -> None:
        self._store.close()

    def _load(self) -> None:
        self._load_people()
        self._messages: dict[str, dict[str, Message]] = {}
        self._last_ts = 0
        for _, message in self._store.all(Message):
            self._messages.setdefault(message.channel, {})[message.ts] = message
            newest = message.edited or message.ts
            self._last_ts = max(self._last_ts, int(newest.replace(".", "")))
        self._homes: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}
        for _, view in self._store.all(View):
            if view.kind == "home":
                self._homes[view.user] = view
            else:
                self._stacks.setdefault(view.user, []).append(view)
        for stack in self._stacks.values():
            stack.sort(key=lambda view: view.depth)
        now = self.clock.now().timestamp()
        self._response_urls = dict(self._store.all(ResponseUrl))
        for key in [key for key, url in self._response_urls.items() if url.until < now]:
            del self._response_urls[key]
            self._store.remove(ResponseUrl, key)

    def _load_people(self) -> None:
        """The cast, and what an earlier start has kept of it: who has joined which channel, and
        who is of the cast no longer but has been heard, as somebody whose account is closed."""
        bot_name = self._bot_name
        bots = (
            User(SLACKBOT, "slackbot", "Slackbot", is_bot=True),
            User(BOT_USER, bot_name.lower().replace(" ", "_"), bot_name, is_bot=True),
        )
        known = {user.id: user for user in self._cast.people}
        gone = {
            key: replace(user, deleted=True)
            for key, user in self._store.all(User)
            if key not in known
        }
        self.users = {**known, **{bot.id: bot for bot in bots}, **gone}
        for user in self._cast.people:
            self._store.put(user.id, user)
        self.channels = {channel.id: channel for channel in self._cast.channels}
        for key, kept in self._store.all(Channel):
            now = self.channels.get(key, kept)
            members = tuple(dict.fromkeys((*now.members, *kept.members)))
            self.channels[key] = replace(now, members=members)

    def _every_view(self) -> Iterator[View]:
        for stack in self._stacks.values():
            yield from stack
        yield from self._homes.values()

    def next_ts(self) -> str:
        """A time later than any before it, even where the clock stands still or is put back."""
        micros = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(self._last_ts + 1, micros)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def _hash(self) -> str:
        return f"{int(self.clock.now().timestamp())}.{secrets.token_hex(4)}"

    def _new_view(self, user: str, payload: Json, channel: str | None) -> View:
        payload = {**payload, "blocks": with_ids(payload["blocks"])}
        view_id = _id("V")
        values = initial_values(payload["blocks"], channel)
        return View(view_id, user, payload, self._hash(), view_id, values=values, channel=channel)

    def _keep_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self._store.put(channel.id, channel)
        self._changes.publish("channels")

    def _keep_message(self, message: Message) -> None:
        self._messages.setdefault(message.channel, {})[message.ts] = message
        self._store.put(_message_key(message), message)
        self._changes.publish(f"messages:{message.channel}")

    def _keep_response_url(self, url: ResponseUrl) -> None:
        self._response_urls[url.id] = url
        self._store.put(url.id, url)

    def _keep_stack(self, user: str, stack: list[View]) -> None:
        kept = {view.id for view in stack}
        for view in self._stacks.get(user, ()):
            if view.id not in kept:
                self._store.remove(View, view.id)
        self._stacks[user] = stack
        for view in stack:
            self._store.put(view.id, view)
        self._changes.publish(f"views:{user}")

    def _replace_view(self, view: View, *, quietly: bool = False) -> None:
        if view.kind == "home":
            self._homes[view.user] = view
        else:
            stack = self._stacks[view.user]
            stack[[other.id for other in stack].index(view.id)] = view
        self._store.put(view.id, view)
        if not quietly:
            self._changes.publish(f"{'home' if view.kind == 'home' else 'views'}:{view.user}")


def _message_key(message: Message) -> str:
    return f"{message.channel}:{message.ts}"


def _id(prefix: str) -> str:
    return prefix + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(10))
