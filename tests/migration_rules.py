"""Rules of expand migrations: older programs must go on working beside the new schema."""

import re
from typing import Final

from fanmill.stores.migrations import statements

_ADDING: Final = re.compile(
    r"CREATE (?:OR REPLACE VIEW|(?!OR REPLACE)\w+)\b|COMMENT ON|GRANT"
    r"|ALTER TABLE \S+ ADD COLUMN",
    re.IGNORECASE,
)
_NEW_TABLE: Final = re.compile(r"CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)
_ON_TABLE: Final = re.compile(
    r"CREATE (?:UNIQUE INDEX|TRIGGER) .*?\bON (\w+)", re.IGNORECASE | re.DOTALL
)
_INTO: Final = re.compile(r"INSERT INTO (\w+)", re.IGNORECASE)
_NOT_NULL: Final = re.compile(r"ADD COLUMN (?!.*DEFAULT).*NOT NULL", re.IGNORECASE | re.DOTALL)
_UNIQUE: Final = re.compile(
    r"ADD COLUMN .*(?:UNIQUE|PRIMARY KEY|CHECK|REFERENCES)", re.IGNORECASE | re.DOTALL
)

_SETTING: Final = re.compile(r"INSERT INTO (?:store_meta VALUES|(\w+) \(\1, rank\))", re.IGNORECASE)


def narrowing(sql: str) -> list[str]:
    """Return the statements of a migration that do more than add.

    A unique index or a trigger on a table of an earlier migration narrows what older programs
    may write, and so does a column that they must fill. Rows of a new table are no matter, nor
    are facts in `store_meta` and settings of a full-text index.
    """
    new: set[str] = set()
    found = []
    for statement in statements(sql):
        plain = " ".join(statement.split())
        table = _NEW_TABLE.match(plain)
        if table:
            new.add(table[1].lower())
        into = _INTO.match(plain)
        if (into and into[1].lower() in new) or _SETTING.match(plain):
            continue
        on = _ON_TABLE.match(plain)
        narrows = _NOT_NULL.search(plain) or _UNIQUE.search(plain)
        if not _ADDING.match(plain) or narrows or (on and on[1].lower() not in new):
            found.append(plain)
    return found
