"""What the database refuses by itself: overlaps, and changes of what is published or written down."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE_TRIGGERS = {
    "published_duty_overlap_insert": (
        "CREATE TRIGGER published_duty_overlap_insert BEFORE INSERT ON published_duty WHEN "
        "NEW.is_exclusive BEGIN SELECT RAISE(ABORT, 'overlapping_duty') FROM published_duty WHERE "
        "clinician_id = NEW.clinician_id AND is_exclusive AND start_at < NEW.end_at AND "
        "NEW.start_at < end_at; END"
    ),
    "published_duty_overlap_update": (
        "CREATE TRIGGER published_duty_overlap_update BEFORE UPDATE ON published_duty WHEN "
        "NEW.is_exclusive BEGIN SELECT RAISE(ABORT, 'overlapping_duty') FROM published_duty WHERE "
        "clinician_id = NEW.clinician_id AND is_exclusive AND seat_id <> OLD.seat_id AND start_at <"
        " NEW.end_at AND NEW.start_at < end_at; END"
    ),
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
    "placement_kept_insert": (
        "CREATE TRIGGER placement_kept_insert BEFORE INSERT ON placement WHEN (SELECT state FROM "
        "roster_version WHERE id = NEW.version_id) <> 'draft' BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "placement_kept_update": (
        "CREATE TRIGGER placement_kept_update BEFORE UPDATE ON placement WHEN (SELECT state FROM "
        "roster_version WHERE id = OLD.version_id) <> 'draft' OR (SELECT state FROM roster_version "
        "WHERE id = NEW.version_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'published_is_immutable');"
        " END"
    ),
    "placement_kept_delete": (
        "CREATE TRIGGER placement_kept_delete BEFORE DELETE ON placement WHEN (SELECT state FROM "
        "roster_version WHERE id = OLD.version_id) <> 'draft' BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "assignment_kept_insert": (
        "CREATE TRIGGER assignment_kept_insert BEFORE INSERT ON assignment WHEN (SELECT state FROM "
        "roster_version WHERE id = (SELECT version_id FROM placement WHERE id = NEW.placement_id)) "
        "<> 'draft' BEGIN SELECT RAISE(ABORT, 'published_is_immutable'); END"
    ),
    "assignment_kept_update": (
        "CREATE TRIGGER assignment_kept_update BEFORE UPDATE ON assignment WHEN (SELECT state FROM "
        "roster_version WHERE id = (SELECT version_id FROM placement WHERE id = OLD.placement_id)) "
        "<> 'draft' OR (SELECT state FROM roster_version WHERE id = (SELECT version_id FROM "
        "placement WHERE id = NEW.placement_id)) <> 'draft' BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "assignment_kept_delete": (
        "CREATE TRIGGER assignment_kept_delete BEFORE DELETE ON assignment WHEN (SELECT state FROM "
        "roster_version WHERE id = (SELECT version_id FROM placement WHERE id = OLD.placement_id)) "
        "<> 'draft' BEGIN SELECT RAISE(ABORT, 'published_is_immutable'); END"
    ),
    "session_pin_kept_insert": (
        "CREATE TRIGGER session_pin_kept_insert BEFORE INSERT ON session_pin WHEN (SELECT state "
        "FROM roster_version WHERE id = NEW.version_id) <> 'draft' BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "session_pin_kept_update": (
        "CREATE TRIGGER session_pin_kept_update BEFORE UPDATE ON session_pin WHEN (SELECT state "
        "FROM roster_version WHERE id = OLD.version_id) <> 'draft' OR (SELECT state FROM "
        "roster_version WHERE id = NEW.version_id) <> 'draft' BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "session_pin_kept_delete": (
        "CREATE TRIGGER session_pin_kept_delete BEFORE DELETE ON session_pin WHEN (SELECT state "
        "FROM roster_version WHERE id = OLD.version_id) <> 'draft' BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "roster_version_kept_update": (
        "CREATE TRIGGER roster_version_kept_update BEFORE UPDATE ON roster_version WHEN OLD.state "
        "IN ('published', 'superseded') AND NOT (OLD.state = 'published' AND NEW.state = "
        "'superseded' AND NEW.id IS OLD.id AND NEW.roster_id IS OLD.roster_id AND NEW.number IS "
        "OLD.number AND NEW.revision IS OLD.revision AND NEW.based_on_id IS OLD.based_on_id AND "
        "NEW.created_at IS OLD.created_at AND NEW.created_by_id IS OLD.created_by_id AND "
        "NEW.published_at IS OLD.published_at AND NEW.published_by_id IS OLD.published_by_id AND "
        "NEW.reason IS OLD.reason AND NEW.findings IS OLD.findings) BEGIN SELECT RAISE(ABORT, "
        "'published_is_immutable'); END"
    ),
    "roster_version_kept_delete": (
        "CREATE TRIGGER roster_version_kept_delete BEFORE DELETE ON roster_version WHEN OLD.state "
        "IN ('published', 'superseded') BEGIN SELECT RAISE(ABORT, 'published_is_immutable'); END"
    ),
    "journal_entry_append_only_update": (
        "CREATE TRIGGER journal_entry_append_only_update BEFORE UPDATE ON journal_entry BEGIN "
        "SELECT RAISE(ABORT, 'append_only'); END"
    ),
    "journal_entry_append_only_delete": (
        "CREATE TRIGGER journal_entry_append_only_delete BEFORE DELETE ON journal_entry BEGIN "
        "SELECT RAISE(ABORT, 'append_only'); END"
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_TRIGGERS.values():
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
