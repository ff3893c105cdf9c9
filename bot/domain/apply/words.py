"""The fixed words of the application form and of a candidate's own page in one language."""

from typing import Annotated

from bot.domain.content import Content
from bot.domain.posting import Words, having


class ApplyWords(Content):
    """What stands on these pages beside what openings and company say themselves; English where a
    language's file has no `[apply]`."""

    title: Words = "Apply"
    lede: Words = "It takes about two minutes."
    optional: Words = "(optional)"
    name: Words = "Your name"
    name_hint: Words = "As you'd like us to call you."
    email: Words = "Email"
    email_hint: Words = "For our answer and interview times. Nothing else."
    phone: Words = "Phone"
    country: Words = "Country you live in"
    choose_country: Words = "Choose a country"
    work: Words = "Your work"
    work_hint: Words = "A résumé, a link, or both. No cover letter."
    resume: Words = "Résumé"
    resume_or: Words = "(optional if you add a link)"
    resume_hint: Annotated[Words, having("most")] = (
        "PDF, Word (.docx), ODT, RTF, or text, up to {most} MB. No photo or birth date, please."
    )
    kept: Annotated[Words, having("size")] = "{size}, kept. Choose a file only to replace it."
    link: Words = "Link to your work"
    link_or: Words = "(optional if you add a résumé)"
    link_hint: Words = "GitHub, LinkedIn, or your own site."
    right_to_work: Words = "Can you work where this job is?"
    right_hint: Words = "A person reads your application either way."
    right_yes: Words = "Yes, I have the right to work there"
    right_sponsorship: Words = "I'd need a visa or work permit"
    before: Words = "Before you send"
    heard: Words = "How did you hear about this job?"
    adjustments: Words = "Do you need any accommodations?"
    adjustments_hint: Words = (
        "More time, captions, wheelchair access. Only the recruiter sees this, and it has no "
        "effect on the decision."
    )
    talent_pool: Annotated[Words, having("date")] = (
        "Keep my application until {date}, and write to me about other jobs"
    )
    seen_by: Words = (
        "This job's recruiter, its hiring manager, and anyone else who decides see what you send."
    )
    privacy_link: Words = "Privacy notice and your rights"
    send: Words = "Send application"
    no_account: Words = (
        "No account. After you send, you get a private page that shows where things stand."
    )
    next: Words = "What happens next"
    next_page: Words = "Your private page opens. It shows where things stand."
    next_read: Words = "A person reads your application."
    next_answer: Annotated[Words, having("days")] = (
        "You hear from us within {days} business days, either way."
    )
    trap: Words = "Leave this empty"
    error: Words = "Error:"
    fix_one: Words = "Fix one thing, then send again"
    fix_many: Annotated[Words, having("count")] = "Fix {count} things, then send again"
    still_here: Words = "Everything else you wrote is still here."
    file_still_here: Words = "Everything else you wrote is still here, and so is your file."
    fault_name: Words = "Enter your name"
    fault_email: Words = "Enter a full email address, like name@example.com"
    fault_country: Words = "Choose the country you live in"
    fault_work: Words = "Add a résumé or a link to your work"
    fault_link: Words = "Start the link with https://, like https://github.com/you"
    fault_right: Words = "Say whether you can work there"
    fault_long: Annotated[Words, having("most", "count")] = (
        "Shorten this to {most} characters. It has {count}"
    )
    fault_file_size: Annotated[Words, having("name", "size", "most")] = (
        "{name} is {size} and the limit is {most} MB. Choose a smaller file or add a link"
    )
    fault_file_kind: Annotated[Words, having("name")] = (
        "{name} isn't a file we can read. Choose a PDF, Word (.docx), ODT, RTF, or text file"
    )
    fault_file_locked: Annotated[Words, having("name")] = (
        "{name} has a password. Choose a file without one"
    )
    fault_file_empty: Annotated[Words, having("name")] = "{name} is empty. Choose another file"
    fault_old: Words = "This form was open for too long. Check it and send it again"
    busy: Words = (
        "Many people are applying right now. Send again in a minute; your answers are kept."
    )
    too_large: Words = "That's too much to send"
    too_large_note: Words = (
        "Your files are over the limit. Go back: your browser may still have your answers."
    )
    yours: Words = "Your application"
    steps: Words = "Steps"
    done: Words = "done"
    received: Words = "Received"
    in_review: Words = "In review"
    interviews: Words = "Interviews"
    decision: Words = "Decision"
    closed: Words = "Closed"
    have_it: Annotated[Words, having("date")] = (
        "We have your application. You'll hear from us by {date}."
    )
    reading: Annotated[Words, having("date")] = (
        "We're reading your application. You'll hear from us by {date}."
    )
    meeting: Words = "Your interviews"
    to_come: Annotated[Words, having("date")] = "Next: an interview on {date}."
    deciding: Words = "We'll tell you what we decide after your interviews."
    minutes: Annotated[Words, having("count")] = "{count} minutes"
    over: Words = "Done. Thank you for your time."
    zone: Annotated[Words, having("zone")] = "All times are in this time zone: {zone}."
    not_forward: Words = "We've decided not to go forward with your application."
    thanks: Words = "Thank you for your time and for the care you put into this."
    withdrawn: Words = "You withdrew your application."
    sent: Annotated[Words, having("date")] = "Sent {date}."
    corrected: Annotated[Words, having("date")] = "Corrected {date}."
    replaces: Words = (
        "If you applied for this job before with the same email, this version replaces the "
        "earlier one."
    )
    save_page: Words = "Save this page now."
    save_note: Words = (
        "Bookmark it or copy its address. It's your receipt and the only way back here: this "
        "site doesn't send email."
    )
    change: Words = "Change or withdraw"
    data: Words = "Your data"
    correct: Words = "Correct what you sent"
    new_resume: Words = "New résumé"
    replaces_file: Annotated[Words, having("name")] = "Replaces {name}."
    save: Words = "Save corrections"
    withdraw: Words = "Withdraw your application"
    withdraw_note: Words = (
        "We stop reading it, and a person cancels any interviews. You don't have to say why. "
        "You can apply again while the job is open."
    )
    withdraw_button: Words = "Withdraw my application"
    download: Words = "Download what we hold"
    download_note: Words = (
        "One file with everything you sent us and the dates of each step. Your résumé is in it."
    )
    download_button: Words = "Download my data (JSON)"
    erase: Words = "Ask us to erase your data"
    erase_note: Words = (
        "A person confirms each request within 30 days. Then we delete what you sent and what "
        "we wrote about it. If the law makes us keep something, we tell you what and until "
        "when."
    )
    erase_button: Words = "Ask for erasure"
    erase_asked: Annotated[Words, having("date")] = (
        "You asked us to erase your data on {date}. A person confirms it within 30 days."
    )
    sent_by_you: Words = "What you sent"
    sent_as: Words = "Sent as"
    private: Words = "Anyone with this page's address can open it. Keep it to yourself."


IN_ENGLISH = ApplyWords()
