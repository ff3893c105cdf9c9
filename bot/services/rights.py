"""Who may do what, decided from our own data and settings."""

from bot.services.ports import Directory


class Rights:
    """Answers questions about people's rights.

    `admins` are the user ids of PANELIST_ADMINS; where it is empty, the workspace's owners and
    admins are meant.
    """

    def __init__(self, admins: frozenset[str], directory: Directory) -> None:
        self._admins = admins
        self._directory = directory

    async def is_admin(self, workspace: str, user: str) -> bool:
        if self._admins:
            return user in self._admins
        return await self._directory.is_workspace_admin(workspace, user)
