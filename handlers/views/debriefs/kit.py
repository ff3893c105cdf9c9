"""Parts that debriefs and decisions share."""

from slack_sdk.models.blocks import (
    ConfirmObject,
    PlainTextObject,
    RichTextElementParts,
    RichTextSectionElement,
)

from handlers.views.rich import Part


def confirm(title: str, text: str, verb: str) -> ConfirmObject:
    """Asks once more, with the button's own verb."""
    return ConfirmObject(
        title=PlainTextObject(text=title, emoji=False),
        text=PlainTextObject(text=text, emoji=False),
        confirm=PlainTextObject(text=verb, emoji=False),
        deny=PlainTextObject(text="Cancel", emoji=False),
    )


def section(*parts: Part) -> RichTextSectionElement:
    """A paragraph within a block that has others."""
    text = RichTextElementParts.Text
    elements = [text(text=part) if isinstance(part, str) else part for part in parts]
    return RichTextSectionElement(elements=elements)
