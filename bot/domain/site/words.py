"""The fixed words of the jobs pages in one language."""

from typing import Annotated

from bot.domain.content import Content
from bot.domain.posting import Words, having

OfCompany = Annotated[Words, having("company")]
OfCount = Annotated[Words, having("count")]
OfDate = Annotated[Words, having("date")]


class SiteWords(Content):
    """What stands on the pages around what openings and company say themselves; English where a
    language's file has no `[site]`."""

    skip: Words = "Skip to content"
    main: Words = "Main"
    jobs: Words = "Jobs"
    jobs_at: OfCompany = "Jobs at {company}"
    open_jobs: Words = "Open jobs"
    all_jobs: Words = "All jobs"
    other_jobs: Words = "Other jobs"
    more_jobs: Words = "More open jobs"
    see_jobs: OfCount = "See all open jobs: {count}"
    none_open: Words = "There are no open jobs right now."
    search: Words = "Search"
    team: Words = "Team"
    all_teams: Words = "All teams"
    place: Words = "Location"
    all_places: Words = "All locations"
    remote: Words = "Remote"
    show_jobs: Words = "Show jobs"
    teams: Words = "Teams"
    places: Words = "Locations"
    one_job: OfCount = "{count} job"
    many_jobs: OfCount = "{count} jobs"
    one_match: OfCount = "{count} job matches"
    many_match: OfCount = "{count} jobs match"
    no_match: Words = "No jobs match"
    no_match_help: Words = "Try fewer words, or another team or location."
    remove_filter: Words = "Remove filter:"
    key_facts: Words = "Key facts"
    apply_by_day: OfDate = "Apply by {date}"
    posted: OfDate = "Posted {date}"
    answer: Words = "You hear from us"
    answer_days: Annotated[Words, having("days")] = "Within {days} business days, either way"
    apply: Words = "Apply for this job"
    apply_on: Annotated[Words, having("host")] = "On {host}"
    apply_here: Words = "Sound like you?"
    apply_at: Annotated[Words, having("address")] = "Apply: {address}"
    decides: Words = "Who decides"
    fair: Words = "Fair to everyone"
    equal_opportunity: Words = "Equal opportunity"
    adjustments: Words = "Accommodations"
    privacy: Words = "Your data"
    reference: Annotated[Words, having("id")] = "Reference {id}"
    paused: Words = "Not taking applications right now."
    paused_note: Words = (
        "This job is paused. If it opens again, it comes back to this address and to the job feed."
    )
    ended: OfDate = "Applications closed on {date}."
    ended_note: Words = "This job no longer takes applications."
    closed: Words = "This job is closed"
    closed_note: Words = "It no longer takes applications."
    missing: Words = "There's no page here"
    missing_note: Words = (
        "The address may be mistyped or cut short. "
        "If it came from a job board, the job may be gone."
    )
    nothing_today: Words = "Nothing for you today?"
    follow: Words = "Follow new jobs by feed"
    feed: Words = "Job feed"
    legal_notice: Words = "Legal notice"
    contact: Words = "Contact"
    no_cookies: Words = "These pages set no cookies and load nothing from anyone else."
    library: Words = "Role library"
    library_title: Words = "Job descriptions, in plain words"
    library_note: Words = (
        "What you'd do in each role, and what it takes. Our own jobs start from these pages."
    )
    find_role: Words = "Find a role"
    no_role: Words = "No role matches."
    also_called: Words = "Also called"
    category: Words = "Category"
    reviewed: Words = "Reviewed"
    more_roles: Annotated[Words, having("category")] = "More in {category}"
    open_job: Annotated[Words, having("title")] = "Open now: {title}"
    take_it: Words = "Download"
    markdown: Words = "Markdown"
    plain_text: Words = "Plain text"


IN_ENGLISH = SiteWords()
