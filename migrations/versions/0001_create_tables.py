"""All tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinical_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinical_role")),
        sa.UniqueConstraint("code", name=op.f("uq_clinical_role_code")),
    )
    op.create_table(
        "clinician",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("max_sessions_per_week", sa.Integer(), nullable=False),
        sa.Column("max_sessions_per_day", sa.Integer(), nullable=False),
        sa.Column("max_days_abroad_per_week", sa.Integer(), nullable=False),
        sa.Column("travel_counts", sa.Boolean(), nullable=False),
        sa.Column("a1_valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("max_days_abroad_per_week between 0 and 7", name=op.f("ck_clinician_abroad_limit")),
        sa.CheckConstraint("max_sessions_per_day >= 0", name=op.f("ck_clinician_day_limit")),
        sa.CheckConstraint("max_sessions_per_week >= 0", name=op.f("ck_clinician_week_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician")),
        sa.UniqueConstraint("code", name=op.f("uq_clinician_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_clinician_uid")),
    )
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
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_statutory", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("calendar", "on_date", name=op.f("uq_holiday_calendar_on_date")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.CheckConstraint("weeks >= 1", name=op.f("ck_roster_weeks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_address_tried", ["address", "tried_at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_login_tried", ["login", "tried_at"], unique=False)

    op.create_table(
        "specialty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialty")),
        sa.UniqueConstraint("name", name=op.f("uq_specialty_name")),
    )
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("in_force", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("code", name=op.f("uq_zone_code")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=True),
        sa.Column("is_platform_administrator", sa.Boolean(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["clinician_id"], ["clinician.id"], name=op.f("fk_account_clinician_id_clinician")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("clinician_id", name=op.f("uq_account_clinician_id")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "clinician_clinical_role",
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("clinical_role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinical_role_id"],
            ["clinical_role.id"],
            name=op.f("fk_clinician_clinical_role_clinical_role_id_clinical_role"),
        ),
        sa.ForeignKeyConstraint(
            ["clinician_id"],
            ["clinician.id"],
            name=op.f("fk_clinician_clinical_role_clinician_id_clinician"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clinician_id", "clinical_role_id", name=op.f("pk_clinician_clinical_role")),
    )
    op.create_table(
        "clinician_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.Column("liking", sa.Integer(), nullable=False),
        sa.CheckConstraint("liking between -3 and 3 and liking <> 0", name=op.f("ck_clinician_preference_liking")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_clinician_preference_clinician_id_clinician")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician_preference")),
        sa.UniqueConstraint(
            "clinician_id", "weekday", "half_day", name=op.f("uq_clinician_preference_clinician_id_weekday_half_day")
        ),
    )
    op.create_table(
        "clinician_specialty",
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("specialty_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinician_id"],
            ["clinician.id"],
            name=op.f("fk_clinician_specialty_clinician_id_clinician"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["specialty_id"], ["specialty.id"], name=op.f("fk_clinician_specialty_specialty_id_specialty")
        ),
        sa.PrimaryKeyConstraint("clinician_id", "specialty_id", name=op.f("pk_clinician_specialty")),
    )
    op.create_table(
        "insurance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_insurance_valid_before_end")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_insurance_clinician_id_clinician"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance")),
    )
    with op.batch_alter_table("insurance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insurance_clinician_id"), ["clinician_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("kind in ('registration', 'temporary_declaration')", name=op.f("ck_registration_kind")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_registration_country_is_iso")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_registration_valid_before_end")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_registration_clinician_id_clinician"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint(
            "clinician_id",
            "country",
            "kind",
            "valid_from",
            name=op.f("uq_registration_clinician_id_country_kind_valid_from"),
        ),
    )
    op.create_table(
        "rule_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.CheckConstraint("strength in ('block', 'warn', 'info', 'off')", name=op.f("ck_rule_choice_strength")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rule_choice_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_choice")),
        sa.UniqueConstraint("organisation_id", "rule", name=op.f("uq_rule_choice_organisation_id_rule")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("holiday_calendar", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("coordinates_source", sa.String(), nullable=False),
        sa.Column("register_name", sa.String(), nullable=False),
        sa.Column("register_number", sa.String(), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("membership", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_site_country_is_iso")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_site_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "unavailability",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.Column("end_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_unavailability_starts_before_end")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_unavailability_clinician_id_clinician")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailability")),
    )
    with op.batch_alter_table("unavailability", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unavailability_clinician_id"), ["clinician_id"], unique=False)

    op.create_table(
        "zone_programme",
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_zone_programme_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_zone_programme_zone_id_zone")),
        sa.PrimaryKeyConstraint("zone_id", "programme_id", name=op.f("pk_zone_programme")),
    )
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role in ('administrator', 'coordinator', 'manager', 'clinician')", name=op.f("ck_access_grant_role")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_grant_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_grant_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
        sa.UniqueConstraint("account_id", "organisation_id", name=op.f("uq_access_grant_account_id_organisation_id")),
    )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_grant_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "affiliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("share > 0 and share <= 1", name=op.f("ck_affiliation_share")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_affiliation_clinician_id_clinician"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_affiliation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_affiliation_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_affiliation_clinician_id"), ["clinician_id"], unique=False)
        batch_op.create_index(
            "ix_affiliation_one_home",
            ["clinician_id"],
            unique=True,
            sqlite_where=sa.text("is_home"),
            postgresql_where=sa.text("is_home"),
        )
        batch_op.create_index(batch_op.f("ix_affiliation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_affiliation_site_id"), ["site_id"], unique=False)

    op.create_table(
        "cooperation_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("home_organisation_id", sa.Integer(), nullable=False),
        sa.Column("host_organisation_id", sa.Integer(), nullable=False),
        sa.Column("home_site_id", sa.Integer(), nullable=False),
        sa.Column("host_site_id", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("invented", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind in ('visiting', 'patient_flow', 'reserved_capacity', 'emergency', 'zone_only')",
            name=op.f("ck_cooperation_agreement_kind"),
        ),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_cooperation_agreement_valid_before_end")),
        sa.ForeignKeyConstraint(
            ["home_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_cooperation_agreement_home_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["home_site_id"], ["site.id"], name=op.f("fk_cooperation_agreement_home_site_id_site")),
        sa.ForeignKeyConstraint(
            ["host_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_cooperation_agreement_host_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["host_site_id"], ["site.id"], name=op.f("fk_cooperation_agreement_host_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperation_agreement")),
        sa.UniqueConstraint("code", name=op.f("uq_cooperation_agreement_code")),
    )
    with op.batch_alter_table("cooperation_agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cooperation_agreement_home_organisation_id"), ["home_organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cooperation_agreement_home_site_id"), ["home_site_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cooperation_agreement_host_organisation_id"), ["host_organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cooperation_agreement_host_site_id"), ["host_site_id"], unique=False)

    op.create_table(
        "feed_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(), nullable=True),
        sa.Column("fetched_by", sa.String(), nullable=False),
        sa.Column("fetch_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_feed_subscription_account_id_account")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_feed_subscription_clinician_id_clinician")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_subscription")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_subscription_token_hash")),
    )
    with op.batch_alter_table("feed_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_subscription_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_subscription_clinician_id"), ["clinician_id"], unique=False)

    op.create_table(
        "half_day_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("ends", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_half_day_times_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_day_times")),
        sa.UniqueConstraint("site_id", "kind", "half_day", name=op.f("uq_half_day_times_site_id_kind_half_day")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("organisation_ids", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_journal_entry_actor_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_journal_entry_previous_hash")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_entry_deed"), ["deed"], unique=False)

    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("kind in ('annual', 'study', 'parental', 'other')", name=op.f("ck_leave_kind")),
        sa.CheckConstraint("start_on < end_on", name=op.f("ck_leave_starts_before_end")),
        sa.ForeignKeyConstraint(["clinician_id"], ["clinician.id"], name=op.f("fk_leave_clinician_id_clinician")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name=op.f("fk_leave_entered_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leave_clinician_id"), ["clinician_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('consulting', 'theatre', 'meeting', 'ward')", name=op.f("ck_room_kind")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_room_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("code", name=op.f("uq_room_code")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_room_site_id_name")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_site_id"), ["site_id"], unique=False)

    op.create_table(
        "roster_site_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_site_week_roster_id_roster")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_roster_site_week_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_site_week")),
        sa.UniqueConstraint("site_id", "week_on", name=op.f("uq_roster_site_week_site_id_week_on")),
    )
    with op.batch_alter_table("roster_site_week", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_site_week_roster_id"), ["roster_id"], unique=False)

    op.create_table(
        "roster_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'published', 'superseded', 'discarded')", name=op.f("ck_roster_version_state")
        ),
        sa.ForeignKeyConstraint(
            ["based_on_id"], ["roster_version.id"], name=op.f("fk_roster_version_based_on_id_roster_version")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_roster_version_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.id"], name=op.f("fk_roster_version_published_by_id_account")
        ),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_version_roster_id_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_version")),
        sa.UniqueConstraint("roster_id", "number", name=op.f("uq_roster_version_roster_id_number")),
    )
    with op.batch_alter_table("roster_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_roster_version_one_published",
            ["roster_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_secret_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_account_id"), ["account_id"], unique=False)

    op.create_table(
        "site_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("start_on < end_on", name=op.f("ck_site_closure_starts_before_end")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_closure_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_closure")),
    )
    with op.batch_alter_table("site_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_closure_site_id"), ["site_id"], unique=False)

    op.create_table(
        "travel_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_low", sa.Integer(), nullable=True),
        sa.Column("minutes_high", sa.Integer(), nullable=True),
        sa.Column("kilometres", sa.Double(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_travel_time_minutes_positive")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_travel_time_ordered")),
        sa.ForeignKeyConstraint(["one_id"], ["site.id"], name=op.f("fk_travel_time_one_id_site")),
        sa.ForeignKeyConstraint(["other_id"], ["site.id"], name=op.f("fk_travel_time_other_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_time")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_travel_time_one_id_other_id")),
    )
    with op.batch_alter_table("travel_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_time_other_id"), ["other_id"], unique=False)

    op.create_table(
        "zone_site",
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_zone_site_site_id_site")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_zone_site_zone_id_zone")),
        sa.PrimaryKeyConstraint("zone_id", "site_id", name=op.f("pk_zone_site")),
    )
    op.create_table(
        "agreement_enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_agreement_enrolment_valid_before_end")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["cooperation_agreement.id"],
            name=op.f("fk_agreement_enrolment_agreement_id_cooperation_agreement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinician_id"],
            ["clinician.id"],
            name=op.f("fk_agreement_enrolment_clinician_id_clinician"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_enrolment")),
        sa.UniqueConstraint(
            "agreement_id",
            "clinician_id",
            "valid_from",
            name=op.f("uq_agreement_enrolment_agreement_id_clinician_id_valid_from"),
        ),
    )
    with op.batch_alter_table("agreement_enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_enrolment_clinician_id"), ["clinician_id"], unique=False)

    op.create_table(
        "agreement_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("specialty_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("min_per_week", sa.Integer(), nullable=True),
        sa.Column("target_per_week", sa.Integer(), nullable=True),
        sa.Column("max_per_week", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "min_per_week is null or max_per_week is null or min_per_week <= max_per_week",
            name=op.f("ck_agreement_line_min_max"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["cooperation_agreement.id"],
            name=op.f("fk_agreement_line_agreement_id_cooperation_agreement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["specialty_id"], ["specialty.id"], name=op.f("fk_agreement_line_specialty_id_specialty")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_line")),
    )
    with op.batch_alter_table("agreement_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_line_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_approval_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_approval_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["roster_version.id"],
            name=op.f("fk_approval_version_id_roster_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("version_id", "organisation_id", name=op.f("uq_approval_version_id_organisation_id")),
    )
    op.create_table(
        "draft_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_edit_account_id_account")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["roster_version.id"],
            name=op.f("fk_draft_edit_version_id_roster_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edit")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_draft_edit_version_id_number")),
    )
    op.create_table(
        "room_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("start_on < end_on", name=op.f("ck_room_closure_starts_before_end")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_closure_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_closure")),
    )
    with op.batch_alter_table("room_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_closure_room_id"), ["room_id"], unique=False)

    op.create_table(
        "room_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_room_opening_weekday_is_iso")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_opening_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_opening")),
        sa.UniqueConstraint("room_id", "weekday", "half_day", name=op.f("uq_room_opening_room_id_weekday_half_day")),
    )
    op.create_table(
        "session_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("specialty", sa.String(), nullable=False),
        sa.Column("sessions_per_week", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("is_rostered", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("room_kind", sa.String(), nullable=True),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("counts_as_session", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("every_weeks >= 1", name=op.f("ck_session_template_every_weeks")),
        sa.CheckConstraint("priority between 0 and 3", name=op.f("ck_session_template_priority")),
        sa.CheckConstraint("sessions_per_week >= 1", name=op.f("ck_session_template_sessions_per_week")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["cooperation_agreement.id"],
            name=op.f("fk_session_template_agreement_id_cooperation_agreement"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_session_template_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_template")),
        sa.UniqueConstraint("code", name=op.f("uq_session_template_code")),
    )
    with op.batch_alter_table("session_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_template_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_template_site_id"), ["site_id"], unique=False)

    op.create_table(
        "solve_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("stop_requested", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("result_version_id", sa.Integer(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_solve_run_state")
        ),
        sa.ForeignKeyConstraint(
            ["base_version_id"], ["roster_version.id"], name=op.f("fk_solve_run_base_version_id_roster_version")
        ),
        sa.ForeignKeyConstraint(["requested_by_id"], ["account.id"], name=op.f("fk_solve_run_requested_by_id_account")),
        sa.ForeignKeyConstraint(
            ["result_version_id"], ["roster_version.id"], name=op.f("fk_solve_run_result_version_id_roster_version")
        ),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_solve_run_roster_id_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solve_run")),
        sa.UniqueConstraint("result_version_id", name=op.f("uq_solve_run_result_version_id")),
    )
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_solve_run_one_active",
            ["roster_id"],
            unique=True,
            sqlite_where=sa.text("state in ('queued', 'running')"),
            postgresql_where=sa.text("state in ('queued', 'running')"),
        )

    op.create_table(
        "clinical_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_clinical_session_roster_id_roster")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["session_template.id"], name=op.f("fk_clinical_session_template_id_session_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinical_session")),
        sa.UniqueConstraint(
            "template_id", "week_on", "index", name=op.f("uq_clinical_session_template_id_week_on_index")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_clinical_session_uid")),
    )
    with op.batch_alter_table("clinical_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinical_session_roster_id"), ["roster_id"], unique=False)

    op.create_table(
        "demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("head_count", sa.Integer(), nullable=False),
        sa.Column("is_exclusive", sa.Boolean(), nullable=False),
        sa.Column("cover_hours", sa.Integer(), nullable=True),
        sa.CheckConstraint("side in ('visitor', 'host', 'any')", name=op.f("ck_demand_side")),
        sa.CheckConstraint("head_count >= 1", name=op.f("ck_demand_head_count")),
        sa.ForeignKeyConstraint(["role_id"], ["clinical_role.id"], name=op.f("fk_demand_role_id_clinical_role")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["session_template.id"],
            name=op.f("fk_demand_template_id_session_template"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("template_id", "position", name=op.f("uq_demand_template_id_position")),
    )
    op.create_table(
        "template_half_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_template_half_day_weekday_is_iso")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["session_template.id"],
            name=op.f("fk_template_half_day_template_id_session_template"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_half_day")),
        sa.UniqueConstraint(
            "template_id", "weekday", "half_day", name=op.f("uq_template_half_day_template_id_weekday_half_day")
        ),
    )
    op.create_table(
        "demand_specialty",
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("specialty_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_demand_specialty_demand_id_demand"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["specialty_id"], ["specialty.id"], name=op.f("fk_demand_specialty_specialty_id_specialty")
        ),
        sa.PrimaryKeyConstraint("demand_id", "specialty_id", name=op.f("pk_demand_specialty")),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.Column("end_at", sa.DateTime(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_placement_starts_before_end")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_placement_room_id_room")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["clinical_session.id"], name=op.f("fk_placement_session_id_clinical_session")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["roster_version.id"],
            name=op.f("fk_placement_version_id_roster_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("version_id", "session_id", name=op.f("uq_placement_version_id_session_id")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_session_id"), ["session_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_seat_demand_id_demand")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinical_session.id"],
            name=op.f("fk_seat_session_id_clinical_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("session_id", "demand_id", "index", name=op.f("uq_seat_session_id_demand_id_index")),
        sa.UniqueConstraint("uid", name=op.f("uq_seat_uid")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_demand_id"), ["demand_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinician_id"], ["clinician.id"], name=op.f("fk_assignment_clinician_id_clinician")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_assignment_placement_id_placement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_assignment_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("placement_id", "seat_id", name=op.f("uq_assignment_placement_id_seat_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_clinician_id"), ["clinician_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "published_duty",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(), nullable=False),
        sa.Column("end_at", sa.DateTime(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("is_exclusive", sa.Boolean(), nullable=False),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_published_duty_starts_before_end")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["clinician.id"], name=op.f("fk_published_duty_clinician_id_clinician")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_published_duty_room_id_room")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_published_duty_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["clinical_session.id"], name=op.f("fk_published_duty_session_id_clinical_session")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["roster_version.id"], name=op.f("fk_published_duty_version_id_roster_version")
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_published_duty")),
    )
    with op.batch_alter_table("published_duty", schema=None) as batch_op:
        batch_op.create_index("ix_published_duty_clinician_start", ["clinician_id", "start_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_duty_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_duty_version_id"), ["version_id"], unique=False)

    op.create_table(
        "session_pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_session_pin_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["clinical_session.id"], name=op.f("fk_session_pin_session_id_clinical_session")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["roster_version.id"],
            name=op.f("fk_session_pin_version_id_roster_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_pin")),
    )
    with op.batch_alter_table("session_pin", schema=None) as batch_op:
        batch_op.create_index(
            "ix_session_pin_place",
            ["version_id", "session_id"],
            unique=True,
            sqlite_where=sa.text("seat_id is null"),
            postgresql_where=sa.text("seat_id is null"),
        )
        batch_op.create_index(
            "ix_session_pin_seat",
            ["version_id", "seat_id"],
            unique=True,
            sqlite_where=sa.text("seat_id is not null"),
            postgresql_where=sa.text("seat_id is not null"),
        )
        batch_op.create_index(batch_op.f("ix_session_pin_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_pin_version_id"), ["version_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("session_pin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_pin_version_id"))
        batch_op.drop_index(batch_op.f("ix_session_pin_session_id"))
        batch_op.drop_index(
            "ix_session_pin_seat",
            sqlite_where=sa.text("seat_id is not null"),
            postgresql_where=sa.text("seat_id is not null"),
        )
        batch_op.drop_index(
            "ix_session_pin_place", sqlite_where=sa.text("seat_id is null"), postgresql_where=sa.text("seat_id is null")
        )

    op.drop_table("session_pin")
    with op.batch_alter_table("published_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_duty_version_id"))
        batch_op.drop_index(batch_op.f("ix_published_duty_session_id"))
        batch_op.drop_index("ix_published_duty_clinician_start")

    op.drop_table("published_duty")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_seat_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_clinician_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_demand_id"))

    op.drop_table("seat")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_session_id"))

    op.drop_table("placement")
    op.drop_table("demand_specialty")
    op.drop_table("template_half_day")
    op.drop_table("demand")
    with op.batch_alter_table("clinical_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinical_session_roster_id"))

    op.drop_table("clinical_session")
    with op.batch_alter_table("solve_run", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_solve_run_one_active",
            sqlite_where=sa.text("state in ('queued', 'running')"),
            postgresql_where=sa.text("state in ('queued', 'running')"),
        )

    op.drop_table("solve_run")
    with op.batch_alter_table("session_template", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_template_site_id"))
        batch_op.drop_index(batch_op.f("ix_session_template_agreement_id"))

    op.drop_table("session_template")
    op.drop_table("room_opening")
    with op.batch_alter_table("room_closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_closure_room_id"))

    op.drop_table("room_closure")
    op.drop_table("draft_edit")
    op.drop_table("approval")
    with op.batch_alter_table("agreement_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_line_agreement_id"))

    op.drop_table("agreement_line")
    with op.batch_alter_table("agreement_enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_enrolment_clinician_id"))

    op.drop_table("agreement_enrolment")
    op.drop_table("zone_site")
    with op.batch_alter_table("travel_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_travel_time_other_id"))

    op.drop_table("travel_time")
    with op.batch_alter_table("site_closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_closure_site_id"))

    op.drop_table("site_closure")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_account_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("roster_version", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_roster_version_one_published",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.drop_table("roster_version")
    with op.batch_alter_table("roster_site_week", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_site_week_roster_id"))

    op.drop_table("roster_site_week")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_site_id"))

    op.drop_table("room")
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_clinician_id"))

    op.drop_table("leave")
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_entry_deed"))
        batch_op.drop_index(batch_op.f("ix_journal_entry_actor_id"))

    op.drop_table("journal_entry")
    op.drop_table("half_day_times")
    with op.batch_alter_table("feed_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_subscription_clinician_id"))
        batch_op.drop_index(batch_op.f("ix_feed_subscription_account_id"))

    op.drop_table("feed_subscription")
    with op.batch_alter_table("cooperation_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cooperation_agreement_host_site_id"))
        batch_op.drop_index(batch_op.f("ix_cooperation_agreement_host_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_cooperation_agreement_home_site_id"))
        batch_op.drop_index(batch_op.f("ix_cooperation_agreement_home_organisation_id"))

    op.drop_table("cooperation_agreement")
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_affiliation_site_id"))
        batch_op.drop_index(batch_op.f("ix_affiliation_organisation_id"))
        batch_op.drop_index(
            "ix_affiliation_one_home", sqlite_where=sa.text("is_home"), postgresql_where=sa.text("is_home")
        )
        batch_op.drop_index(batch_op.f("ix_affiliation_clinician_id"))

    op.drop_table("affiliation")
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_grant_organisation_id"))

    op.drop_table("access_grant")
    op.drop_table("zone_programme")
    with op.batch_alter_table("unavailability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unavailability_clinician_id"))

    op.drop_table("unavailability")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_organisation_id"))

    op.drop_table("site")
    op.drop_table("rule_choice")
    op.drop_table("registration")
    with op.batch_alter_table("insurance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insurance_clinician_id"))

    op.drop_table("insurance")
    op.drop_table("clinician_specialty")
    op.drop_table("clinician_preference")
    op.drop_table("clinician_clinical_role")
    op.drop_table("account")
    op.drop_table("zone")
    op.drop_table("specialty")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_login_tried")
        batch_op.drop_index("ix_sign_in_attempt_address_tried")

    op.drop_table("sign_in_attempt")
    op.drop_table("roster")
    op.drop_table("programme")
    op.drop_table("organisation")
    op.drop_table("holiday")
    op.drop_table("feed_bytes")
    op.drop_table("clinician")
    op.drop_table("clinical_role")
