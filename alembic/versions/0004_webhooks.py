"""Webhooks, how far each has got, and what was tried."""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _webhooks()
    _states()
    _deliveries()


def downgrade() -> None:
    for table in ("webhook_delivery", "webhook_state", "webhook"):
        op.drop_table(table)


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column(
            "created_by_id", sa.Integer, sa.ForeignKey("user.id", name="fk_webhook_created_by_id_user")
        ),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("events", sa.String(2000), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("secret_made_at", TIME, nullable=False),
        sa.Column("old_secret", sa.String(100)),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("switched_off_at", TIME),
        sa.Column("switched_off_why", sa.String(300)),
        sa.Column("removed_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_index("ix_webhook_created_by_id", "webhook", ["created_by_id"])


def _states() -> None:
    op.create_table(
        "webhook_state",
        _webhook("webhook_state"),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", TIME),
        sa.Column("last_error", sa.String(200), nullable=False),
        sa.Column("next_attempt_at", TIME),
        sa.Column("delivered_at", TIME),
        sa.Column("test_wanted_at", TIME),
        sa.Column("lease", sa.String(40)),
        sa.Column("leased_until", TIME),
        sa.PrimaryKeyConstraint("webhook_id", name="pk_webhook_state"),
    )


def _deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer, nullable=False),
        _webhook("webhook_delivery"),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
    )
    op.create_index("ix_webhook_delivery_at", "webhook_delivery", ["at"])
    op.create_index("ix_webhook_delivery_webhook_id_id", "webhook_delivery", ["webhook_id", "id"])


def _webhook(table: str) -> sa.Column[int]:
    """Whose row it is."""
    to_webhook = sa.ForeignKey("webhook.id", name=f"fk_{table}_webhook_id_webhook")
    return sa.Column("webhook_id", sa.Integer, to_webhook, nullable=False)
