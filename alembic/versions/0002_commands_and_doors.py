"""Commands carried out once, what happens at the doors, and the second factor."""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _commands()
    _doors()
    _second_factor()
    op.add_column("user_session", sa.Column("address", sa.String(64), nullable=False, server_default=""))
    with_code = sa.Column("with_second_factor", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("user_session", with_code)


def downgrade() -> None:
    op.drop_column("user", "second_factor_at")
    op.drop_column("user_session", "with_second_factor")
    op.drop_column("user_session", "address")
    for table in (
        "pending_sign_in",
        "recovery_code",
        "unconfirmed_factor",
        "second_factor",
        "throttle_hit",
        "security_event",
        "command",
    ):
        op.drop_table(table)


def _commands() -> None:
    op.create_table(
        "command",
        _user("command"),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("result", sa.JSON),
        sa.Column("seq", sa.Integer),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_command"),
    )
    op.create_index("ix_command_at", "command", ["at"])


def _doors() -> None:
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        _user("security_event", nullable=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_security_event"),
    )
    for column in ("at", "last_at", "kind", "user_id"):
        op.create_index(f"ix_security_event_{column}", "security_event", [column])
    op.create_table(
        "throttle_hit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_throttle_hit"),
    )
    op.create_index("ix_throttle_hit_at", "throttle_hit", ["at"])
    op.create_index("ix_throttle_hit_key_at", "throttle_hit", ["key", "at"])


def _second_factor() -> None:
    op.add_column("user", sa.Column("second_factor_at", TIME))
    op.create_table(
        "second_factor",
        _user("second_factor"),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factor"),
    )
    op.create_table(
        "unconfirmed_factor",
        sa.Column("holder", sa.String(64), nullable=False),
        _user("unconfirmed_factor"),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("holder", name="pk_unconfirmed_factor"),
    )
    op.create_index("ix_unconfirmed_factor_user_id", "unconfirmed_factor", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer, nullable=False),
        _user("recovery_code"),
        sa.Column("code_hash", sa.String(200), nullable=False),
        sa.Column("used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    op.create_table(
        "pending_sign_in",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        _user("pending_sign_in"),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pending_sign_in"),
        sa.UniqueConstraint("token_hash", name="uq_pending_sign_in_token_hash"),
    )
    op.create_index("ix_pending_sign_in_user_id", "pending_sign_in", ["user_id"])


def _user(table: str, *, nullable: bool = False) -> sa.Column[int]:
    """Whose row it is."""
    to_user = sa.ForeignKey("user.id", name=f"fk_{table}_user_id_user")
    return sa.Column("user_id", sa.Integer, to_user, nullable=nullable)
