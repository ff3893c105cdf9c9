"""The modal for an opening's decision rule."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    Option,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
)

from bot.domain.openings.fields import OpeningField
from bot.domain.openings.rule import MOST_COUNTED, RuleForm, form_of
from bot.services.jobs import JobSheet
from handlers.ids import ViewId, opening_part
from handlers.payloads import NotOffered, OpenView
from handlers.views.common import Json, context, cut, header, modal, plain
from handlers.views.forms import input_of, option
from handlers.views.openings.page import EditToken, rule_summary
from handlers.views.openings.parts import NO_COMPETENCIES
from handlers.views.rich import bold, line, lines, moment

FIELDS = (
    OpeningField.RULE_POOR,
    OpeningField.RULE_BORDERLINE,
    OpeningField.RULE_COUNT,
    OpeningField.RULE_COUNTED,
    OpeningField.RULE_EVIDENCE,
)
YES, NONE = "yes", "0"
WHAT_FOR = (
    "The debrief says of each line whether it's met. It decides nothing, but whoever advances a "
    "candidate against it says why. It's fixed once the job's first interview begins."
)
FIXED = "It's fixed: the job's first interview began "


def rule_form(
    sheet: JobSheet,
    token: EditToken,
    entered: RuleForm | None = None,
    notes: Sequence[Block] = (),
) -> Json:
    """The rule to choose, or to read once it stands. `entered` is what somebody chose before
    others changed it."""
    job, begun_at = sheet.job, sheet.begun_at
    if begun_at is not None:
        told = line(FIXED, moment(begun_at, sheet.access.zone), ".")
        rule = lines([(one.text,) for one in job.rule]) if job.rule else plain(rule_summary(job))
        return modal("Decision rule", [header(job.opening.title), rule, told], close="Back")
    if not sheet.competencies:
        return modal("Decision rule", [plain(NO_COMPETENCIES)], close="Back")
    blocks: list[Block] = [
        *notes,
        context(WHAT_FOR),
        *_gone(sheet),
        *_inputs(sheet, token, entered),
    ]
    return modal(
        "Decision rule",
        blocks,
        close="Back",
        submit="Save",
        callback=ViewId.OPENING_RULE,
        metadata=token.dump(),
    )


def rule_note(sheet: JobSheet) -> Block:
    """What the rule is since somebody else changed it."""
    return line(bold("It's now: "), rule_summary(sheet.job))


def _gone(sheet: JobSheet) -> list[Block]:
    """What the rule names and the role no longer asks."""
    asked = {item.id for item in sheet.competencies}
    names = {
        one.name: None
        for item in sheet.job.rule
        for one in item.competencies
        if one.id not in asked
    }
    if not names:
        return []
    told = " is no longer part of this role. Save, and the rule leaves it out."
    return [line(bold(", ".join(names)), told)]


def _inputs(sheet: JobSheet, token: EditToken, entered: RuleForm | None) -> list[Block]:
    form = entered or form_of(sheet.job.rule)
    names = {item.id: option(cut(item.name, 75), item.id) for item in sheet.competencies}
    poor, borderline, count, counted, evidence = (
        opening_part(field, token.version) for field in FIELDS
    )
    counts = {
        str(number): option(f"At least {number}" if number else "No such line", str(number))
        for number in range(MOST_COUNTED + 1)
    }
    yes = option("Only with evidence: somebody wrote what they saw", YES)
    return [
        input_of(poor, "No “poor” in", _several(poor.action, names, form.poor), optional=True),
        input_of(
            borderline,
            "No “borderline” or lower in",
            _several(borderline.action, names, form.borderline),
            optional=True,
        ),
        input_of(
            count,
            "Ratings of “solid” or better",
            StaticSelectElement(
                action_id=count.action,
                options=list(counts.values()),
                initial_option=counts[str(form.count)],
            ),
        ),
        input_of(
            counted,
            "Counted in",
            _several(counted.action, names, form.counted),
            optional=True,
            hint="Empty: in any competency.",
        ),
        input_of(
            evidence,
            "Which ratings count",
            CheckboxesElement(
                action_id=evidence.action,
                options=[yes],
                initial_options=[yes] if form.with_evidence else None,
            ),
            optional=True,
        ),
    ]


def _several(
    action: str, options: Mapping[str, Option], chosen: Sequence[str]
) -> StaticMultiSelectElement:
    return StaticMultiSelectElement(
        action_id=action,
        placeholder=PlainTextObject(text="Choose competencies"),
        options=list(options.values()),
        initial_options=[options[id] for id in chosen if id in options] or None,
    )


def rule_entered(view: OpenView) -> RuleForm:
    """What stands in the form. Raises NotOffered for a number that it does not offer."""
    poor, borderline, count, counted, evidence = map(opening_part, FIELDS)
    number = view.selected(count) or NONE
    if number not in {str(one) for one in range(MOST_COUNTED + 1)}:
        raise NotOffered
    return RuleForm(
        poor=view.several(poor),
        borderline=view.several(borderline),
        count=int(number),
        counted=view.several(counted),
        with_evidence=YES in view.several(evidence),
    )
