"""Feeds of any subject in any dress, events stored once for all feeds, and what these must know of cancellations."""

import gzip
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LEAVE_TRIGGERS = {
    "leave_overlap_insert": (
        "CREATE TRIGGER leave_overlap_insert BEFORE INSERT ON leave BEGIN SELECT RAISE(ABORT, "
        "'overlapping_leave') FROM leave WHERE clinician_id = NEW.clinician_id AND start_on < "
        "NEW.end_on AND NEW.start_on < end_on; END"
    ),
    "leave_overlap_update": (
        "CREATE TRIGGER leave_overlap_update BEFORE UPDATE ON leave BEGIN SELECT RAISE(ABORT, "
        "'overlapping_leave') FROM leave WHERE clinician_id = NEW.clinician_id AND id <> OLD.id AND"
        " start_on < NEW.end_on AND NEW.start_on < end_on; END"
    ),
}
"""A rebuilt table loses its triggers, and what rebuilds it makes them again."""

KEEP_OLD_BYTES = """
insert into feed_bytes (feed, subject_id, viewer_id, care_id, language, options, wanted, made, basis, etag,
                        modified_at, size, event_count, gzipped)
select 'clinician', cast(substr(feed, 11) as integer), 0, 0, replace(variant, '-busy', ''),
       case when variant like '%-busy' then 'busy' else '' end,
       case when is_stale then 2 else 1 end, 1, basis, etag, modified_at, length(body), 0, gzipped
from feed_bytes_before where feed like 'clinician/%'
"""
ADD_BYTES_OF_SUBSCRIPTIONS = """
insert into feed_bytes (feed, subject_id, viewer_id, care_id, language, options, wanted, made, basis, etag, size,
                        event_count)
select distinct 'clinician', s.clinician_id, 0, 0, s.language, case when s.is_private then 'busy' else '' end,
       1, 0, '', '', 0, 0
from feed_subscription s
where not exists (select 1 from feed_bytes b where {same_feed})
"""
TIE_SUBSCRIPTIONS = """
update feed_subscription as s set
    bytes_id = (select b.id from feed_bytes b where {same_feed}),
    organisation_id = (select a.organisation_id from affiliation a where a.clinician_id = s.clinician_id and a.is_home)
"""
SAME_FEED = (
    "b.feed = 'clinician' and b.subject_id = s.clinician_id and b.viewer_id = 0 and b.care_id = 0 "
    "and b.language = s.language and b.options = case when s.is_private then 'busy' else '' end"
)
UNTIE_SUBSCRIPTIONS = """
update feed_subscription as s set
    language = (select b.language from feed_bytes b where b.id = s.bytes_id),
    is_private = (select b.options like '%busy%' from feed_bytes b where b.id = s.bytes_id)
"""
DRESSES_BEFORE = """
select b.subject_id, b.language, b.options like '%busy%' as is_private, max(b.modified_at) as modified_at,
       min(case when b.options in ('', 'busy') and b.made = b.wanted then b.id end) as made_id
from feed_bytes b where b.feed = 'clinician' group by 1, 2, 3
"""


def upgrade() -> None:
    _add_tables()
    op.execute("create table feed_bytes_before as select * from feed_bytes")
    op.drop_table("feed_bytes")
    _create_feed_bytes()
    op.execute(KEEP_OLD_BYTES)
    op.execute("drop table feed_bytes_before")
    _tie_subscriptions()
    _add_identity_of_leave()
    with op.batch_alter_table("cooperation_agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_released", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cooperation_agreement", schema=None) as batch_op:
        batch_op.alter_column("is_released", server_default=None)
    op.create_index("ix_published_duty_room_start", "published_duty", ["room_id", "start_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_published_duty_room_start", table_name="published_duty")
    with op.batch_alter_table("cooperation_agreement", schema=None) as batch_op:
        batch_op.drop_column("is_released")
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_leave_uid"), type_="unique")
        for name in ("revised_at", "sequence", "uid"):
            batch_op.drop_column(name)
    _create_leave_triggers()
    _untie_subscriptions()
    _restore_old_bytes()
    op.drop_table("cancelled_session")
    op.drop_table("event_bytes")


def _add_tables() -> None:
    op.create_table(
        "event_bytes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("dress", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.Column("end_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_bytes")),
        sa.UniqueConstraint(
            "kind", "subject_id", "part", "dress", name=op.f("uq_event_bytes_kind_subject_id_part_dress")
        ),
    )
    with op.batch_alter_table("event_bytes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_bytes_end_at"), ["end_at"], unique=False)
    op.create_table(
        "cancelled_session",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roster_id"], ["roster.id"], name=op.f("fk_cancelled_session_roster_id_roster"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinical_session.id"],
            name=op.f("fk_cancelled_session_session_id_clinical_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_cancelled_session")),
    )
    with op.batch_alter_table("cancelled_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cancelled_session_cancelled_at"), ["cancelled_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cancelled_session_roster_id"), ["roster_id"], unique=False)


def _create_feed_bytes() -> None:
    op.create_table(
        "feed_bytes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=False),
        sa.Column("care_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("fresh_until", sa.DateTime(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified_at", sa.DateTime(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("gzipped", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_bytes")),
        sa.UniqueConstraint(
            "feed",
            "subject_id",
            "viewer_id",
            "care_id",
            "language",
            "options",
            name=op.f("uq_feed_bytes_feed_subject_id_viewer_id_care_id_language_options"),
        ),
    )
    with op.batch_alter_table("feed_bytes", schema=None) as batch_op:
        batch_op.create_index("ix_feed_bytes_fresh_until", ["fresh_until"], unique=False)
        batch_op.create_index(
            "ix_feed_bytes_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("made < wanted"),
            postgresql_where=sa.text("made < wanted"),
        )


def _tie_subscriptions() -> None:
    """Tie each subscription to the bytes that it is served, also those that were never fetched."""
    op.execute("delete from feed_subscription where clinician_id is null")
    op.execute(ADD_BYTES_OF_SUBSCRIPTIONS.format(same_feed=SAME_FEED))
    with op.batch_alter_table("feed_subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bytes_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("notice_at", sa.DateTime(), nullable=True))
    op.execute(TIE_SUBSCRIPTIONS.format(same_feed=SAME_FEED))
    with op.batch_alter_table("feed_subscription", schema=None) as batch_op:
        for name in ("feed", "language", "is_private"):
            batch_op.drop_column(name)
        batch_op.alter_column("bytes_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_feed_subscription_bytes_id_feed_bytes"), "feed_bytes", ["bytes_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_feed_subscription_organisation_id_organisation"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )
        batch_op.create_index(batch_op.f("ix_feed_subscription_bytes_id"), ["bytes_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_subscription_organisation_id"), ["organisation_id"], unique=False)


def _add_identity_of_leave() -> None:
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uid", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("revised_at", sa.DateTime(), nullable=True))
    connection = op.get_bind()
    for leave_id in connection.scalars(sa.text("select id from leave")).all():
        connection.execute(
            sa.text("update leave set uid = :uid, revised_at = entered_at where id = :id"),
            {"uid": str(uuid4()), "id": leave_id},
        )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.alter_column("uid", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("sequence", server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_leave_uid"), ["uid"])
    _create_leave_triggers()


def _create_leave_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, statement in LEAVE_TRIGGERS.items():
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
            op.execute(statement)


def _untie_subscriptions() -> None:
    """Go back to what a subscription said itself; those of other feeds end, as nothing could serve them."""
    op.execute(
        "delete from feed_subscription where bytes_id not in (select id from feed_bytes where feed = 'clinician')"
    )
    with op.batch_alter_table("feed_subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feed", sa.String(), nullable=False, server_default="clinician"))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
        batch_op.add_column(sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(UNTIE_SUBSCRIPTIONS)
    with op.batch_alter_table("feed_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_subscription_bytes_id"))
        batch_op.drop_index(batch_op.f("ix_feed_subscription_organisation_id"))
        batch_op.drop_constraint(batch_op.f("fk_feed_subscription_bytes_id_feed_bytes"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_feed_subscription_organisation_id_organisation"), type_="foreignkey")
        for name in ("bytes_id", "organisation_id", "notice_at"):
            batch_op.drop_column(name)
        for name in ("feed", "language", "is_private"):
            batch_op.alter_column(name, server_default=None)


def _restore_old_bytes() -> None:
    connection = op.get_bind()
    dresses = connection.execute(sa.text(DRESSES_BEFORE)).all()
    op.execute("create table feed_bytes_after as select id, basis, etag, gzipped from feed_bytes")
    op.drop_table("feed_bytes")
    op.create_table(
        "feed_bytes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("gzipped", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified_at", sa.DateTime(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_bytes")),
        sa.UniqueConstraint("feed", "variant", name=op.f("uq_feed_bytes_feed_variant")),
    )
    for dress in dresses:
        made = connection.execute(
            sa.text("select basis, etag, gzipped from feed_bytes_after where id = :id"), {"id": dress.made_id}
        ).one_or_none()
        connection.execute(
            sa.text(
                "insert into feed_bytes (feed, variant, body, gzipped, etag, modified_at, basis, is_stale) values "
                "(:feed, :variant, :body, :gzipped, :etag, coalesce(:modified_at, '2020-01-01 00:00:00.000000'), "
                ":basis, :is_stale)"
            ),
            {
                "feed": f"clinician/{dress.subject_id}",
                "variant": f"{dress.language}-busy" if dress.is_private else dress.language,
                "body": gzip.decompress(made.gzipped) if made else b"",
                "gzipped": made.gzipped if made else b"",
                "etag": made.etag if made else "",
                "modified_at": dress.modified_at,
                "basis": made.basis if made else "",
                "is_stale": made is None,
            },
        )
    op.execute("drop table feed_bytes_after")
