"""Every name by which Slack and Panelist refer to the same thing, each once."""

from dataclasses import dataclass
from enum import StrEnum


class CommandName(StrEnum):
    """Slash commands, without the slash and without PANELIST_COMMAND_PREFIX."""

    JD = "jd"
    QUESTIONS = "questions"
    PANEL = "panel"
    SCORECARD = "scorecard"
    HIRING = "hiring"
    DEBRIEF = "debrief"


class ActionId(StrEnum):
    """What buttons, menus and selects are answered by. In a message the id may be followed by
    `:` and anything, since Slack wants each id once in a block."""

    JD_START = "jd.start"
    JD_POST = "jd.post"
    JD_QUESTIONS = "jd.questions"
    JD_GUIDE = "jd.guide"
    JD_MENU = "jd.menu"
    JD_PICK = "jd.pick"
    JD_LIST = "jd.list"

    QUESTIONS_START = "questions.start"
    QUESTIONS_ASK = "questions.ask"
    QUESTIONS_SHOW = "questions.show"
    QUESTIONS_SWAP = "questions.swap"
    QUESTIONS_ANOTHER = "questions.another"
    QUESTIONS_DM = "questions.dm"
    QUESTIONS_WARN = "questions.warn"
    QUESTIONS_POST = "questions.post"
    QUESTIONS_PICK = "questions.pick"

    PANEL_SET_UP = "panel.set_up"
    PANEL_COPY = "panel.copy"
    PANEL_ENTERED = "panel.entered"
    PANEL_MORE = "panel.more"
    PANEL_START_OVER = "panel.start_over"
    PANEL_SLOT = "panel.seat"
    PANEL_WHEN = "panel.when"
    PANEL_OPEN = "panel.open"
    PANEL_ADD = "panel.add"
    PANEL_DETAILS = "panel.details"
    PANEL_RESCHEDULE = "panel.reschedule"
    PANEL_REPLACE = "panel.replace"
    PANEL_CANCEL_INTERVIEW = "panel.cancel_interview"
    PANEL_CANCEL = "panel.cancel"
    PANEL_MENU = "panel.menu"
    PANEL_QUESTIONS = "panel.questions"
    PANEL_RUBRIC = "panel.rubric"
    PANEL_RATINGS = "panel.ratings"
    PANEL_KIT_MENU = "panel.kit_menu"
    PANEL_POSTING = "panel.posting"
    PANEL_JOIN = "panel.join"
    PANEL_CALENDAR = "panel.calendar"
    PANEL_DECLINE = "panel.decline"
    PANEL_ACCEPT = "panel.accept"

    BOARD_SHOW = "board.show"
    BOARD_OPEN = "board.open"

    APPLICATION_OPEN = "application.open"
    APPLICATION_APART = "application.apart"
    APPLICATION_FREE = "application.free"

    CANDIDATE_MERGE = "candidate.merge"
    CANDIDATE_APART = "candidate.apart"
    CANDIDATE_UNDO = "candidate.undo"

    OPENING_START = "opening.start"
    OPENING_MORE = "opening.more"
    OPENING_EDIT = "opening.edit"
    OPENING_REVIEW = "opening.review"
    OPENING_TEXT = "opening.text"
    OPENING_USE = "opening.use"
    OPENING_PLAN = "opening.plan"
    OPENING_RULE = "opening.rule"
    OPENING_PLAN_ADD = "opening.plan_add"
    OPENING_PLAN_MENU = "opening.plan_menu"
    OPENING_MENU = "opening.menu"
    OPENING_PAGE = "opening.page"
    OPENING_LIST = "opening.list"
    OPENING_APPLY = "opening.apply"
    OPENING_FULL = "opening.full"
    OPENING_REFER = "opening.refer"
    OPENING_SHARE = "opening.share"
    OPENING_WITHDRAW = "opening.withdraw"
    OPENING_APPROVAL = "opening.approval"
    OPENING_SEND_BACK = "opening.send_back"

    SCORECARD_MINE = "scorecard.mine"
    SCORECARD_OPEN = "scorecard.open"
    SCORECARD_TYPED = "scorecard.typed"
    SCORECARD_STEP = "scorecard.step"
    SCORECARD_DID_NOT_INTERVIEW = "scorecard.did_not_interview"
    SCORECARD_NO_SHOW = "scorecard.no_show"
    SCORECARD_REASSIGN = "scorecard.hand_over"
    SCORECARD_REASSIGN_FOR = "scorecard.reassign_for"
    SCORECARD_CLOSE_FOR = "scorecard.close_for"
    SCORECARD_FEEDBACK = "scorecard.feedback"
    SCORECARD_ANYWAY = "scorecard.anyway"
    SCORECARD_READ = "scorecard.read"
    SCORECARD_EARLIER = "scorecard.earlier"
    SCORECARD_VERSION = "scorecard.version"

    DEBRIEF_OPEN = "debrief.open"
    DEBRIEF_EARLY = "debrief.early"
    DEBRIEF_EVIDENCE = "debrief.evidence"
    DEBRIEF_PAGE = "debrief.page"
    DEBRIEF_LEAN = "debrief.lean"
    DEBRIEF_LEANINGS = "debrief.leanings"
    DEBRIEF_DECIDE = "debrief.decide"
    DEBRIEF_UNDO = "debrief.undo"
    DEBRIEF_CONFIRM = "debrief.confirm"
    DEBRIEF_RECORD = "debrief.record"
    DEBRIEF_OFFER = "debrief.offer"
    DEBRIEF_OFFER_UNDO = "debrief.offer_undo"
    DEBRIEF_ANSWER = "debrief.answer"

    HOME_SETTINGS = "home.settings"
    HOME_EVERYONE = "home.everyone"
    HOME_SET_UP = "home.set_up"
    HOME_HOUR = "home.hour"
    HOME_DAYS = "home.days"
    HOME_DAY_OFF = "home.day_off"
    HOME_DAYS_OFF_UNTIL = "home.days_off_until"
    HOME_ADD_DAYS_OFF = "home.add_days_off"
    HOME_NO_DAY_OFF = "home.no_day_off"
    HOME_COUNTRY = "home.country"
    HOME_SNOOZE = "home.snooze"
    HOME_WAKE = "home.wake"
    HOME_EVERY_HOUR = "home.every_hour"
    HOME_EVERY_DAYS = "home.every_days"
    HOME_EVERY_CHASE = "home.every_chase"
    HOME_EVERY_NUDGE = "home.every_nudge"
    HOME_EVERY_OPENS = "home.every_opens"
    HOME_EVERY_CLOSES = "home.every_closes"
    HOME_EVERY_MANAGER = "home.every_manager"
    HOME_EVERY_RECRUITER = "home.every_recruiter"
    HOME_HOLIDAY = "home.holiday"
    HOME_NO_HOLIDAY = "home.no_holiday"
    HOME_EVERY_COUNTRY = "home.every_country"
    HOME_CALENDAR = "home.calendar"

    SETTINGS_APPROVAL = "settings.approval"
    SETTINGS_APPROVERS = "settings.approvers"
    SETTINGS_JOBS_CHANNEL = "settings.jobs_channel"
    SETTINGS_DECIDERS = "settings.deciders"
    SETTINGS_ANSWER_DAYS = "settings.answer_days"

    RECORD_ERASE = "record.erase"
    RETENTION_DAYS = "retention.days"
    RETENTION_NOT_HIRED = "retention.not_hired"

    REMINDERS_LATER = "reminders.later"
    REMINDERS_TOMORROW = "reminders.tomorrow"
    REMINDERS_CLOSE = "reminders.settle"
    REMINDERS_NOW = "reminders.now"


class EventName(StrEnum):
    """What Slack tells the bot of by itself."""

    APP_HOME_OPENED = "app_home_opened"
    MESSAGE = "message"
    """Somebody has written to it; of other conversations nothing is subscribed to."""


SUBSCRIPTIONS = {EventName.APP_HOME_OPENED: "app_home_opened", EventName.MESSAGE: "message.im"}
"""By what name each is asked for in the manifest."""


class ViewId(StrEnum):
    """Modals, by callback id."""

    JD_PICKER = "jd.picker"
    JD_REMOVAL = "jd.removal"
    OPENING_FORM = "opening.form"
    OPENING_REVIEW = "opening.review"
    OPENING_TEXT = "opening.text"
    OPENING_PLANNED = "opening.planned"
    OPENING_RULE = "opening.rule"
    OPENING_STATUS = "opening.status"
    OPENING_REFER = "opening.refer"
    OPENING_SEND = "opening.send"
    OPENING_APPROVAL = "opening.approval"
    OPENING_SEND_BACK = "opening.send_back"
    QUESTIONS_PICKER = "questions.picker"
    PANEL_FORM = "panel.form"
    PANEL_SLOT = "panel.seat"
    PANEL_ADD = "panel.add"
    PANEL_DETAILS = "panel.details"
    PANEL_RESCHEDULE = "panel.reschedule"
    PANEL_REPLACE = "panel.replace"
    PANEL_CANCEL_INTERVIEW = "panel.cancel_interview"
    PANEL_CANCEL = "panel.cancel"
    PANEL_DECLINE = "panel.decline"
    SCORECARD_FORM = "scorecard.form"
    SCORECARD_REASSIGN_FOR = "scorecard.reassign_for"
    SCORECARD_CLOSE_FOR = "scorecard.close_for"
    HOME_CALENDAR = "home.calendar"
    DEBRIEF_LEANING = "debrief.leaning"
    DEBRIEF_DECIDE = "debrief.decide"
    DEBRIEF_OFFER = "debrief.offer"
    DEBRIEF_ANSWER = "debrief.answer"
    RECORD_ERASE = "record.erase"


@dataclass(frozen=True)
class FormField:
    """An input of a form: made by the view and read by the parser through the same object."""

    block: str
    action: str


JD_ROLE = FormField(block="jd.role", action=ActionId.JD_PICK)

QUESTIONS_ROLE = FormField(block="questions.role", action=ActionId.QUESTIONS_PICK)
QUESTIONS_LEVEL = FormField(block="questions.level", action="questions.level")
QUESTIONS_MINUTES = FormField(block="questions.minutes", action="questions.minutes")


def questions_competency(role: str) -> FormField:
    """Each role's own, so that a choice made for one role does not stand when another is chosen."""
    return FormField(block=f"questions.competency.{role}", action="questions.competency")


HOME_HOUR = FormField(block="home.hour", action=ActionId.HOME_HOUR)
HOME_DAYS = FormField(block="home.days", action=ActionId.HOME_DAYS)
HOME_DAY_OFF = FormField(block="home.day_off", action=ActionId.HOME_DAY_OFF)
HOME_DAYS_OFF_UNTIL = FormField(block="home.day_off", action=ActionId.HOME_DAYS_OFF_UNTIL)
HOME_COUNTRY = FormField(block="home.country", action=ActionId.HOME_COUNTRY)
HOME_SNOOZE = FormField(block="home.snooze", action=ActionId.HOME_SNOOZE)
HOME_EVERY_HOUR = FormField(block="home.every_hour", action=ActionId.HOME_EVERY_HOUR)
HOME_EVERY_DAYS = FormField(block="home.every_days", action=ActionId.HOME_EVERY_DAYS)
HOME_EVERY_CHASE = FormField(block="home.every_chase", action=ActionId.HOME_EVERY_CHASE)
HOME_EVERY_NUDGE = FormField(block="home.every_nudge", action=ActionId.HOME_EVERY_NUDGE)
HOME_EVERY_MANAGER = FormField(block="home.every_manager", action=ActionId.HOME_EVERY_MANAGER)
HOME_EVERY_RECRUITER = FormField(block="home.every_recruiter", action=ActionId.HOME_EVERY_RECRUITER)
HOME_HOLIDAY = FormField(block="home.holiday", action=ActionId.HOME_HOLIDAY)
HOME_CALENDAR = FormField(block="home.calendar", action="home.calendar_address")
HOME_EVERY_COUNTRY = FormField(block="home.every_country", action=ActionId.HOME_EVERY_COUNTRY)


def home_hours(opens: int, closes: int) -> tuple[FormField, FormField]:
    """From and until when one works. Each pair's own, so that one which has been refused does not
    go on standing there."""
    block = f"home.every_hours#{opens}.{closes}"
    return FormField(block, ActionId.HOME_EVERY_OPENS), FormField(block, ActionId.HOME_EVERY_CLOSES)


SETTINGS_APPROVAL = FormField("settings.approval", ActionId.SETTINGS_APPROVAL)
SETTINGS_APPROVERS = FormField("settings.approvers", ActionId.SETTINGS_APPROVERS)
SETTINGS_JOBS_CHANNEL = FormField("settings.jobs_channel", ActionId.SETTINGS_JOBS_CHANNEL)
SETTINGS_DECIDERS = FormField("settings.deciders", ActionId.SETTINGS_DECIDERS)
SETTINGS_ANSWER_DAYS = FormField("settings.answer_days", ActionId.SETTINGS_ANSWER_DAYS)
RETENTION_DAYS = FormField("retention.days", ActionId.RETENTION_DAYS)
RETENTION_NOT_HIRED = FormField("retention.not_hired", ActionId.RETENTION_NOT_HIRED)
RECORD_NAME = FormField(block="record.name", action="record.name")
OPENING_REASON = FormField("opening.reason", "opening.reason")
OPENING_POST_IN = FormField(block="opening.post_in", action="opening.post_in")


def opening_part(part: str, version: int = 0) -> FormField:
    """A field of an opening's forms. It is another for each version, so that what others have
    changed is shown rather than what stood there; it is read whatever the version."""
    of_version = f"#{version}" if version else ""
    return FormField(block=f"opening.{part}{of_version}", action=f"opening.{part}")


SCORECARD_NEW_OWNER = FormField(block="scorecard.new_owner", action="scorecard.new_owner")
SCORECARD_REASON = FormField(block="scorecard.reason", action="scorecard.reason")
DEBRIEF_LEANING = FormField(block="debrief.leaning", action="debrief.leaning")
DEBRIEF_SENTENCE = FormField(block="debrief.sentence", action="debrief.sentence")
DEBRIEF_ANSWER_TEXT = FormField(block="debrief.answer_text", action="debrief.answer_text")


def decision_part(part: str) -> FormField:
    """A field of the form in which somebody decides."""
    return FormField(block=f"debrief.{part}", action=f"debrief.{part}")


PANEL_SAME = FormField(block="panel.same", action="panel.same")

PANEL_PERSON = FormField(block="panel.person", action=ActionId.PANEL_WHEN)
PANEL_FOCUS = FormField(block="panel.focus", action="panel.focus")
PANEL_REASON = FormField(block="panel.reason", action="panel.reason")
PANEL_OTHER_TIME = FormField(block="panel.other_time", action="panel.other_time")
PANEL_START = FormField(block="panel.start", action=ActionId.PANEL_WHEN)
PANEL_MINUTES = FormField(block="panel.minutes", action=ActionId.PANEL_WHEN)
PANEL_PLACE = FormField(block="panel.place", action="panel.place")


def panel_part(part: str, turn: int = 0) -> FormField:
    """A field of the set-up form. It is another whenever it has been filled in for the person, so
    that nothing that stood there before does still."""
    turned = f"#{turn}" if turn else ""
    return FormField(block=f"panel.{part}{turned}", action=ActionId.PANEL_ENTERED)


def panel_field(part: str, revision: int) -> FormField:
    """A field of a panel's details: each revision's own, for the same reason."""
    return FormField(block=f"panel.{part}.{revision}", action=f"panel.{part}")


def scorecard_field(part: str, form: str, competency: str = "", number: int = 0) -> FormField:
    """Each form's own, so that what is restored or merged is shown rather than what stood there.

    A text that is too long for one box goes on in the next `number`.
    """
    block = f"scorecard.{part}.{competency}.{form}.{number}"
    return FormField(block=block, action=ActionId.SCORECARD_TYPED)
