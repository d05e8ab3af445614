"""What the codes of the database are called in English, marked for translation."""

from collections.abc import Callable

from scheduler.text import N_

TITLE_JOINT = " · "
"""Stands between the parts of a title."""

HALF_DAY_TEXTS = {
    "morning": N_("Morning"),
    "midday": N_("Midday"),
    "afternoon": N_("Afternoon"),
    "evening": N_("Evening"),
    "night": N_("Night"),
}
SESSION_KIND_TEXTS = {
    "consultation": N_("Consultation"),
    "theatre": N_("Theatre list"),
    "joint_theatre": N_("Joint theatre list"),
    "mdt": N_("Multidisciplinary team meeting"),
    "ward_round": N_("Ward round"),
    "preop_consultation": N_("Pre-operative consultation"),
    "postop_cover": N_("Post-operative cover"),
    "on_call": N_("On call"),
    "smur": N_("Emergency team"),
}
SESSION_KIND_SHORT_TEXTS = {
    "consultation": N_("Consultation"),
    "theatre": N_("Theatre"),
    "joint_theatre": N_("Joint theatre"),
    "mdt": N_("MDT meeting"),
    "ward_round": N_("Ward round"),
    "preop_consultation": N_("Pre-op"),
    "postop_cover": N_("Cover"),
    "on_call": N_("On call"),
    "smur": N_("Emergency team"),
}
"""Names that fit into a narrow column."""
CLINICAL_ROLE_TEXTS = {
    "lead": N_("Lead"),
    "counterpart": N_("Counterpart"),
    "surgeon": N_("Surgeon"),
    "anaesthetist": N_("Anaesthetist"),
    "oncologist": N_("Oncologist"),
    "radiotherapist": N_("Radiotherapist"),
    "cover": N_("Post-operative cover"),
}
ACCESS_ROLE_TEXTS = {
    "administrator": N_("Administrator"),
    "coordinator": N_("Coordinator"),
    "manager": N_("Manager"),
    "clinician": N_("Clinician"),
}
LEAVE_KIND_TEXTS = {
    "annual": N_("Annual leave"),
    "study": N_("Study leave"),
    "parental": N_("Parental leave"),
    "other": N_("Other leave"),
}
CONTRACT_TEXTS = {
    "employee": N_("Employee"),
    "self-employed": N_("Self-employed"),
    "praticien hospitalier": N_("Praticien hospitalier"),
    "praticien contractuel": N_("Praticien contractuel"),
}
ROOM_KIND_TEXTS = {
    "consulting": N_("Consulting room"),
    "theatre": N_("Operating theatre"),
    "meeting": N_("Meeting room"),
    "ward": N_("Ward"),
}
SIDE_TEXTS = {
    "visitor": N_("Visitor"),
    "host": N_("Host"),
    "any": N_("Either side"),
}
VERSION_STATE_TEXTS = {
    "draft": N_("Draft"),
    "published": N_("Published"),
    "superseded": N_("Superseded"),
    "discarded": N_("Discarded"),
}
RUN_STATE_TEXTS = {
    "queued": N_("Waiting"),
    "running": N_("Running"),
    "done": N_("Done"),
    "failed": N_("Failed"),
    "cancelled": N_("Stopped"),
}
AGREEMENT_KIND_TEXTS = {
    "visiting": N_("Visiting specialists"),
    "patient_flow": N_("Patients go across"),
    "reserved_capacity": N_("Reserved capacity"),
    "emergency": N_("Emergency cover"),
    "zone_only": N_("Access zone only"),
}
REGISTRATION_KIND_TEXTS = {
    "registration": N_("Registration"),
    "temporary_declaration": N_("Temporary declaration"),
}
STRENGTH_TEXTS = {
    "block": N_("Blocks publishing"),
    "warn": N_("Warning"),
    "info": N_("Information"),
    "off": N_("Off"),
}
SPECIALTY_TEXTS = {
    "anaesthesia": N_("Anaesthesia"),
    "cardiology (electrophysiology)": N_("Cardiology (electrophysiology)"),
    "cardiovascular surgery": N_("Cardiovascular surgery"),
    "dialysis": N_("Dialysis"),
    "emergency medicine": N_("Emergency medicine"),
    "infectious diseases": N_("Infectious diseases"),
    "intensive care": N_("Intensive care"),
    "internal medicine": N_("Internal medicine"),
    "medical oncology": N_("Medical oncology"),
    "midwifery": N_("Midwifery"),
    "MRI": N_("MRI"),
    "nephrology": N_("Nephrology"),
    "nephrology (self-dialysis centre)": N_("Nephrology (self-dialysis centre)"),
    "nuclear medicine": N_("Nuclear medicine"),
    "obstetrics": N_("Obstetrics"),
    "oncology": N_("Oncology"),
    "oncology-radiotherapy": N_("Oncology and radiotherapy"),
    "ophthalmology": N_("Ophthalmology"),
    "radiotherapy": N_("Radiotherapy"),
    "rehabilitation": N_("Rehabilitation"),
    "rotating": N_("Rotating specialties"),
    "scintigraphy": N_("Scintigraphy"),
    "urology": N_("Urology"),
}
COUNTRY_TEXTS = {
    "BE": N_("Belgium"),
    "DE": N_("Germany"),
    "FR": N_("France"),
    "LU": N_("Luxembourg"),
    "NL": N_("Netherlands"),
}

TERMS = {
    "half_day": HALF_DAY_TEXTS,
    "session_kind": SESSION_KIND_TEXTS,
    "session_kind_short": SESSION_KIND_SHORT_TEXTS,
    "clinical_role": CLINICAL_ROLE_TEXTS,
    "access_role": ACCESS_ROLE_TEXTS,
    "leave_kind": LEAVE_KIND_TEXTS,
    "contract": CONTRACT_TEXTS,
    "room_kind": ROOM_KIND_TEXTS,
    "side": SIDE_TEXTS,
    "version_state": VERSION_STATE_TEXTS,
    "run_state": RUN_STATE_TEXTS,
    "agreement_kind": AGREEMENT_KIND_TEXTS,
    "registration_kind": REGISTRATION_KIND_TEXTS,
    "strength": STRENGTH_TEXTS,
    "specialty": SPECIALTY_TEXTS,
    "country": COUNTRY_TEXTS,
}
"""All of them by area; a code that means two things ("theatre") is asked for with its area."""


def text_of(code: str, area: str = "") -> str:
    """Give the English name of a code: of its area, or of the first area that knows it; an unknown code as words."""
    for table in [TERMS[area]] if area else TERMS.values():
        if code in table:
            return table[code]
    return code.replace("_", " ").capitalize()


def shown(text: str, gettext: Callable[[str], str]) -> str:
    """Give a text from the database as a reader sees it: in the language of ``gettext``, or as someone typed it.

    The parts of a title are taken one by one; those that are specialties go by their names.
    """
    parts = (SPECIALTY_TEXTS.get(part, part) for part in text.split(TITLE_JOINT))
    return TITLE_JOINT.join(gettext(part) if part else part for part in parts)
