"""Candidates are found by keys that keep the marks of scripts in which a mark is another letter.

Until now カン and ガン were one name, and Łukasz was found with his stroke alone.
"""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from bot.domain.candidates import LONGEST_EMAIL, LONGEST_KEY, address_key
from bot.domain.names import search_key

revision = "0014"
down_revision = "0013"

BATCH = 1000

CANDIDATES = sa.table(
    "candidates",
    *(sa.column(name, sa.String) for name in ("workspace", "id", "name", "key")),
    *(sa.column(name, sa.String) for name in ("email", "email_key")),
)


def upgrade() -> None:
    # By the rule that names are compared by: whoever changes it recomputes the keys once more.
    _recompute(search_key, address_key)


def downgrade() -> None:
    _recompute(_old_key, lambda email: email.casefold()[:LONGEST_EMAIL])


def _old_key(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter in "+#")


def _recompute(key_of: Callable[[str], str], address_of: Callable[[str], str]) -> None:
    columns, connection = CANDIDATES.c, op.get_bind()
    changes = []
    for row in connection.execute(sa.select(CANDIDATES)):
        key = key_of(row.name)[:LONGEST_KEY]
        address = address_of(row.email) if row.email else None
        if (key, address) != (row.key, row.email_key):
            changes.append({"of": row.workspace, "who": row.id, "k": key, "address": address})
    this = (columns.workspace == sa.bindparam("of"), columns.id == sa.bindparam("who"))
    for start in range(0, len(changes), BATCH):
        batch = changes[start : start + BATCH]
        statement = sa.update(CANDIDATES).where(*this)
        statement = statement.values(key=sa.bindparam("k"), email_key=sa.bindparam("address"))
        connection.execute(statement, batch)
