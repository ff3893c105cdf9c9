"""A panel as one person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.rights import Access, Act


@dataclass(frozen=True)
class PanelOverview:
    """A panel as one person may see it, at a moment."""

    panel: Panel
    content: FrozenContent
    access: Access
    now: datetime

    @property
    def can_edit(self) -> bool:
        return self.panel.cancelled_at is None and self.access.may(Act.CHANGE_PANEL, self.panel)


@dataclass(frozen=True)
class PanelList:
    """Panels that one person may see, at a moment."""

    panels: Sequence[Panel]
    access: Access
    now: datetime
