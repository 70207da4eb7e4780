"""The first tables: people, customers, categories, calls, carry-ins and the journal."""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _people()
    _what_work_is_about()
    _journal()
    _calls()
    _carry_ins()


def downgrade() -> None:
    for table in ("touch", "journal_entry", "counter", "carry_in", "call", "category", "customer"):
        op.drop_table(table)
    for table in ("user_session", "setup_link", "user"):
        op.drop_table(table)


def _people() -> None:
    _record(
        "user",
        _text("username", 40),
        _text("full_name", 100),
        _maybe("email", sa.String(254)),
        _maybe("phone", sa.String(20)),
        _text("role", 20),
        _text("password_hash", 200),
        sa.Column("is_active", sa.Boolean, nullable=False),
    )
    op.create_index("uq_user_username_lower", "user", [sa.text("lower(username)")], unique=True)
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer, nullable=False),
        _text("token_hash", 64),
        _reference("user_session", "user_id", "user", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME, nullable=False),
        _text("user_agent", 200),
        _maybe("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_user_session"),
        sa.UniqueConstraint("token_hash", name="uq_user_session_token_hash"),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])
    op.create_table(
        "setup_link",
        sa.Column("id", sa.Integer, nullable=False),
        _text("token_hash", 64),
        sa.Column("expires_at", TIME, nullable=False),
        _maybe("used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_setup_link"),
        sa.UniqueConstraint("token_hash", name="uq_setup_link_token_hash"),
    )


def _what_work_is_about() -> None:
    _record(
        "customer",
        _text("name", 120),
        _text("phone", 20),
        _maybe("email", sa.String(254)),
        _maybe("address", sa.String(300)),
        sa.UniqueConstraint("phone", name="uq_customer_phone"),
        indexed=("name",),
    )
    _record(
        "category",
        _text("kind", 20),
        _text("name", 60),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_index("uq_category_kind_name_lower", "category", ["kind", sa.text("lower(name)")], unique=True)


def _journal() -> None:
    counter = op.create_table(
        "counter",
        _text("name", 20),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.bulk_insert(counter, [{"name": "journal", "value": 0}])
    op.create_table(
        "journal_entry",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        _reference("journal_entry", "actor_id", "user"),
        _text("verb", 40),
        sa.PrimaryKeyConstraint("seq", name="pk_journal_entry"),
    )
    for field in ("actor_id", "at", "verb"):
        op.create_index(f"ix_journal_entry_{field}", "journal_entry", [field])
    op.create_table(
        "touch",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        _text("entity", 20),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("changed", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_touch"),
        sa.ForeignKeyConstraint(["seq"], ["journal_entry.seq"], name="fk_touch_seq_journal_entry"),
    )
    op.create_index("ix_touch_entity_row_id", "touch", ["entity", "row_id"])
    op.create_index("ix_touch_seq", "touch", ["seq"])


def _calls() -> None:
    _record(
        "call",
        _reference("call", "customer_id", "customer", nullable=False),
        _maybe("site_address", sa.String(300)),
        _text("problem", 2000),
        _reference("call", "category_id", "category", nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        _text("status", 20),
        _reference("call", "assigned_to_id", "user"),
        _reference("call", "assigned_by_id", "user"),
        _maybe("assigned_at", TIME),
        _maybe("instructions", sa.String(1000)),
        _maybe("due_at", TIME),
        _maybe("started_at", TIME),
        _reference("call", "completed_by_id", "user"),
        _maybe("completed_at", TIME),
        _maybe("completion_remark", sa.String(2000)),
        _reference("call", "cancelled_by_id", "user"),
        _maybe("cancelled_at", TIME),
        _maybe("cancel_reason", sa.String(500)),
        _maybe("reopen_reason", sa.String(500)),
        indexed=("customer_id", "category_id", "status", "due_at"),
    )
    op.create_index("ix_call_assigned_to_id_status", "call", ["assigned_to_id", "status"])


def _carry_ins() -> None:
    _record(
        "carry_in",
        _reference("carry_in", "customer_id", "customer", nullable=False),
        _text("item", 120),
        _maybe("serial_number", sa.String(80)),
        _maybe("accessories", sa.String(300)),
        _text("fault", 2000),
        _reference("carry_in", "category_id", "category", nullable=False),
        _text("status", 20),
        _reference("carry_in", "assigned_to_id", "user"),
        _reference("carry_in", "completed_by_id", "user"),
        _maybe("completed_at", TIME),
        _maybe("completion_remark", sa.String(2000)),
        _maybe("outcome", sa.String(20)),
        _reference("carry_in", "delivered_by_id", "user"),
        _maybe("delivered_at", TIME),
        _maybe("delivered_to", sa.String(120)),
        _maybe("delivery_remark", sa.String(500)),
        _maybe("return_reason", sa.String(500)),
        indexed=("customer_id", "category_id", "status", "serial_number", "assigned_to_id"),
    )


def _record(table: str, *columns: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    """A journaled table: what every record has, then its own columns."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _reference(table, "created_by_id", "user"),
        sa.Column("updated_at", TIME, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    for field in ("created_by_id", *indexed):
        op.create_index(f"ix_{table}_{field}", table, [field])


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _maybe(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True)


def _reference(table: str, field: str, to: str, nullable: bool = True) -> sa.Column[int]:
    key = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{field}_{to}")
    return sa.Column(field, sa.Integer, key, nullable=nullable)
