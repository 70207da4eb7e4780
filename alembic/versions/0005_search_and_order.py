"""The texts that a search looks through, and indexes for every order and filter of the lists."""

import sqlite3
from typing import Any

import sqlalchemy as sa

from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = {
    "call": (
        ("call.problem", "call.site_address", "customer.name", "customer.address"),
        ("problem", "site_address"),
    ),
    "carry_in": (
        ("carry_in.item", "carry_in.serial_number", "carry_in.fault", "customer.name"),
        ("item", "serial_number", "fault"),
    ),
    "customer": (
        ("customer.name", "customer.address", "customer.email"),
        ("name", "address", "email", "phone"),
    ),
}
"""Table → the texts in which its rows are found, and the columns of its own among them."""
OF_CUSTOMERS = ("call", "carry_in")
SHOWN_WITH_WORK = ("name", "address", "phone")

OPEN = "status IN ('pending', 'assigned', 'in_progress')"
IN_SHOP = "status IN ('received', 'in_repair', 'completed')"
INDEXES: dict[str, tuple[str, tuple[Any, ...], str | None]] = {
    "ix_call_customer_id_id": ("call", ("customer_id", "id"), None),
    "ix_call_assigned_to_id_id": (
        "call",
        ("assigned_to_id", "id", "status", "category_id", "priority", "customer_id"),
        None,
    ),
    "ix_call_category_id_id": ("call", ("category_id", "id", "status", "priority", "assigned_to_id"), None),
    "ix_call_status_id": ("call", ("status", "id", "category_id", "priority", "assigned_to_id"), None),
    "ix_call_priority_id": (
        "call",
        (sa.text("priority DESC"), "id", "status", "category_id", "assigned_to_id"),
        None,
    ),
    "ix_call_updated_at_id": ("call", ("updated_at", "id"), None),
    "ix_call_due_at_id": ("call", ("due_at", "id"), None),
    "ix_call_open": ("call", ("assigned_to_id", "due_at", "created_by_id"), OPEN),
    "ix_call_open_customer_id": ("call", ("customer_id", "assigned_to_id", "created_by_id"), OPEN),
    "ix_carry_in_customer_id_id": ("carry_in", ("customer_id", "id"), None),
    "ix_carry_in_assigned_to_id_id": ("carry_in", ("assigned_to_id", "id", "status", "category_id"), None),
    "ix_carry_in_category_id_id": ("carry_in", ("category_id", "id", "status", "assigned_to_id"), None),
    "ix_carry_in_status_id": ("carry_in", ("status", "id", "category_id", "assigned_to_id"), None),
    "ix_carry_in_updated_at_id": ("carry_in", ("updated_at", "id"), None),
    "ix_carry_in_in_shop": ("carry_in", ("status", "assigned_to_id"), IN_SHOP),
    "ix_carry_in_in_shop_customer_id": ("carry_in", ("customer_id",), IN_SHOP),
    "ix_customer_name_lower_id": ("customer", (sa.text("lower(name)"), "id"), None),
    "ix_journal_entry_actor_id_seq": ("journal_entry", ("actor_id", "seq"), None),
    "ix_touch_entity_seq": ("touch", ("entity", "seq"), None),
}
REPLACED = {
    "call": (
        ("customer_id",),
        ("category_id",),
        ("status",),
        ("due_at",),
        ("assigned_to_id", "status"),
    ),
    "carry_in": (("customer_id",), ("category_id",), ("status",), ("assigned_to_id",)),
    "customer": (("name",),),
    "journal_entry": (("actor_id",),),
}
"""Table → the columns of the indexes that those above stand in for."""


def upgrade() -> None:
    for table, indexes in REPLACED.items():
        for columns in indexes:
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    for name, (table, columns, where) in INDEXES.items():
        only = sa.text(where) if where else None
        op.create_index(name, table, list(columns), sqlite_where=only, postgresql_where=only)
    if _is_sqlite():
        _texts_of_sqlite()
    else:
        _texts_of_postgresql()
    op.execute("ANALYZE")


def downgrade() -> None:
    for table in TEXTS:
        if _is_sqlite():
            for moment in ("insert", "before_update", "after_update", "delete"):
                op.execute(f"DROP TRIGGER {table}_text_{moment}")
            op.execute(f"DROP TABLE {table}_text")
            op.execute(f"DROP VIEW {table}_words")
        else:
            op.execute(f'DROP TRIGGER {table}_text_keep ON "{table}"')
            op.execute(f"DROP FUNCTION {table}_text_keep")
            op.execute(f"DROP TABLE {table}_text")
            op.execute(f"DROP VIEW {table}_words")
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
    for table, indexes in REPLACED.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _is_sqlite() -> bool:
    return context.get_context().dialect.name == "sqlite"


def _view(table: str, folded: str) -> None:
    """Each row's texts on one line, with a blank before, between and after them."""
    texts = TEXTS[table][0]
    line = " || ' ' || ".join(f"coalesce({text}, '')" for text in texts)
    line = folded.format(f"' ' || replace({line}, {'char' if _is_sqlite() else 'chr'}(10), ' ') || ' '")
    of = (
        "customer" if table == "customer" else f'"{table}" JOIN customer ON customer.id = {table}.customer_id'
    )
    phone = "customer.phone"
    if _is_sqlite():
        # Its index is one for both columns: with digits of their own, phones are not in the way of the words.
        for digit in range(10):
            phone = f"replace({phone}, '{digit}', '{chr(0x0660 + digit)}')"
    op.execute(
        f"CREATE VIEW {table}_words AS SELECT {table}.id AS id, {line} AS words, {phone} || ' ' AS phone FROM {of}"
    )


def _texts_of_sqlite() -> None:
    if sqlite3.sqlite_version_info < (3, 35) or not _has_trigrams():
        raise RuntimeError(
            "The desk's search needs SQLite 3.35 or newer with FTS5, which every Python from python.org has."
        )
    # Enough to sort a hundred thousand texts before any of it is written.
    op.execute("PRAGMA cache_size = -200000")
    for table in TEXTS:
        _view(table, "{}")
        op.execute(
            f"CREATE VIRTUAL TABLE {table}_text USING fts5(words, phone, content='{table}_words', "
            "content_rowid='id', columnsize=0, tokenize='trigram')"
        )
        op.execute(f"INSERT INTO {table}_text ({table}_text, rank) VALUES ('hashsize', 200000000)")
        op.execute(f"INSERT INTO {table}_text ({table}_text) VALUES ('rebuild')")
        op.execute(f"INSERT INTO {table}_text ({table}_text, rank) VALUES ('hashsize', 1048576)")
    for table in TEXTS:
        own = ", ".join(TEXTS[table][1] + (("customer_id",) if table != "customer" else ()))
        add, take = _put(table, "NEW.id"), _take(table, "OLD.id")
        with_work_add = with_work_take = ""
        if table == "customer":
            with_work_add = " ".join(_put(work, "NEW.id", "customer_id") for work in OF_CUSTOMERS)
            with_work_take = " ".join(_take(work, "OLD.id", "customer_id") for work in OF_CUSTOMERS)
        for moment, body in (
            (f'insert AFTER INSERT ON "{table}"', add),
            (f'before_update BEFORE UPDATE OF {own} ON "{table}"', f"{take} {with_work_take}"),
            (f'after_update AFTER UPDATE OF {own} ON "{table}"', f"{add} {with_work_add}"),
            (f'delete BEFORE DELETE ON "{table}"', take),
        ):
            op.execute(f"CREATE TRIGGER {table}_text_{moment} BEGIN {body} END")


def _has_trigrams() -> bool:
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(words, tokenize='trigram')")
    except sqlite3.OperationalError:
        return False
    return True


def _put(table: str, row: str, by: str = "id") -> str:
    return f"INSERT INTO {table}_text (rowid, words, phone) SELECT id, words, phone FROM {table}_words {_those(table, row, by)};"


def _take(table: str, row: str, by: str = "id") -> str:
    """What the index is told to forget must be what it was told before."""
    return (
        f"INSERT INTO {table}_text ({table}_text, rowid, words, phone) "
        f"SELECT 'delete', id, words, phone FROM {table}_words {_those(table, row, by)};"
    )


def _those(table: str, row: str, by: str) -> str:
    return f"WHERE id = {row}" if by == "id" else f'WHERE id IN (SELECT id FROM "{table}" WHERE {by} = {row})'


def _texts_of_postgresql() -> None:
    # A role that may not make the extension has a search that reads every row, rather than no desk.
    op.execute("""
        DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;
        EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
            RAISE WARNING 'pg_trgm is missing: searching will be slow';
        END $$""")
    for table in TEXTS:
        _view(table, "lower({})")
        op.create_table(
            f"{table}_text",
            sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
            sa.Column("words", sa.Text, nullable=False),
            sa.Column("phone", sa.Text, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}_text"),
            sa.ForeignKeyConstraint(
                ["id"], [f"{table}.id"], name=f"fk_{table}_text_id_{table}", ondelete="CASCADE"
            ),
        )
        op.execute(f"INSERT INTO {table}_text SELECT id, words, phone FROM {table}_words ORDER BY id")
        # What a rare word is worth is told from a sample of the texts.
        op.execute(
            f"ALTER TABLE {table}_text ALTER words SET STATISTICS 1000, ALTER phone SET STATISTICS 1000"
        )
        # New texts are sorted in at once: a list of waiting ones would be read through by every search.
        op.execute(f"""
            DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
                CREATE INDEX ix_{table}_text ON {table}_text
                USING gin (words gin_trgm_ops, phone gin_trgm_ops) WITH (fastupdate = off);
            END IF; END $$""")
        _keep_on_postgresql(table)


def _keep_on_postgresql(table: str) -> None:
    # Whoever renames the customer meanwhile can't see this row yet, nor does this row see the name: one waits for the
    # other, and what follows sees both.
    waits = "" if table == "customer" else "PERFORM FROM customer WHERE id = NEW.customer_id FOR SHARE;"
    keep = f"""{waits}
        INSERT INTO {table}_text SELECT id, words, phone FROM {table}_words WHERE id = NEW.id
        ON CONFLICT (id) DO UPDATE SET words = excluded.words, phone = excluded.phone;"""
    own = ", ".join(TEXTS[table][1] + (("customer_id",) if table != "customer" else ()))
    if table == "customer":
        keep += "IF TG_OP = 'UPDATE' THEN"
        for work in OF_CUSTOMERS:
            keep += f"""
                UPDATE {work}_text t SET words = w.words, phone = w.phone FROM {work}_words w
                WHERE w.id = t.id AND t.id IN (SELECT id FROM "{work}" WHERE customer_id = NEW.id);"""
        keep += "END IF;"
    op.execute(
        f"CREATE FUNCTION {table}_text_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {keep} RETURN NULL; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_text_keep AFTER INSERT OR UPDATE OF {own} ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION {table}_text_keep()"
    )
