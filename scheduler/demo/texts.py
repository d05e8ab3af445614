"""Texts of the demonstration that pages show, marked for translation; the data files hold the same texts.

What people type in later has no translation and is shown as typed.
"""

from scheduler.text import N_

TITLES = (
    N_("Dialysis for patients of Tourcoing"),
    N_("Infectious diseases for patients of Mouscron"),
    N_("Imaging slots for each other"),
    N_("Visiting specialists"),
    N_("Births of families from Givet"),
    N_("Three services"),
)
"""Parts of the titles of agreements that are no specialties."""
LEGAL_BASES = (
    N_("Framework agreement France-Belgium of 30 September 2005, in force since 1 March 2011"),
    N_("Convention France-Belgium on emergency medical aid of 20 March 2007"),
)
FREQUENCIES = (
    N_("1 oncologist, every week"),
    N_("3 urologists, every week"),
    N_(
        "One consultation and one theatre list a week for each visiting surgeon at the start; one "
        "service on two sites with 3 urologists today"
    ),
    N_("About 20 French patients, 3 times a week each"),
    N_("Belgian patients go to Tourcoing"),
    N_("Slots kept every week for patients of the other side"),
    N_("4 specialists, regularly"),
    N_("Births 20 km from home instead of 60 km"),
    N_("Midwives of Chimay attend births at Fourmies"),
    N_("Self-dialysis centre"),
    N_("One team for two sites"),
    N_("Exchange of staff and equipment"),
    N_("Beds that are free"),
    N_("French patients are treated at Arlon"),
    N_("Day and night"),
)
AGREEMENT_NOTES = (
    N_("Maubeuge kept its oncology department thanks to a specialist from Mons."),
    N_("Consultations, and theatre together with the surgeons of Maubeuge."),
    N_("Began in 1998; only the year is published."),
    N_("Patients travel, not doctors."),
    N_("Rests on a convention of 1994; only the year is published."),
    N_("MRI at Tourcoing, scintigraphy at Mouscron; planned when the source was written."),
    N_(
        "The doctors widened their hours: consultations at home are not reduced, and only specialties "
        "without shortage take part."
    ),
    N_("Convention of 2005; only the year is published."),
    N_("Consultations stay at Chimay."),
    N_("Aim of the project URSA Flandres II."),
    N_("Hospital convention of 2006 with five aims; only the year is published."),
    N_("Patients return as soon as they can."),
    N_("Agreed under COSANTE."),
    N_("Mont-Saint-Martin drives first to Aubange and Musson."),
    N_("A zone without published cooperation; only the year is published."),
)
ZONES_IN_FORCE = (
    N_("1 February 2008"),
    N_("1 April 2008 (MRTW), 1 November 2008 (URSA)"),
    N_("1 January 2009 or 2010; sources differ"),
    N_("2012; as Transcards since 1 January 2003"),
)
"""Bare years need no translation."""
REGISTERS = (N_("FPS Health site number"),)
"""FINESS has this name in all languages."""
SITE_NOTES = (
    N_("Belongs to the HELORA network today. One oncologist and three urologists visit Maubeuge every week."),
    N_("Belongs to the HELORA network today."),
    N_("Second campus of CHR Mons-Hainaut."),
    N_("Member of its zone since 1 April 2009."),
    N_("Member of its zone since 1 July 2009."),
    N_("Formerly Sint-Augustinuskliniek; partner of Dunkerque since the hospital convention of 2006."),
    N_("Rehabilitation centre; partner in the hospital convention of 2006."),
    N_("The members of this zone are not published."),
    N_("Works with CHU de Charleroi; no births since April 2023."),
    N_("Supports Chimay and Fourmies."),
    N_("Member of its zone since 1 January 2014."),
    N_("In its new building since October 2021, about 3 km east of the old one; the position is approximate."),
    N_("Aftercare."),
    N_("Births of families from Chimay take place here since 2023."),
    N_("Hospital convention with Veurne since 2006."),
    N_("Merged with Sedan, Fumay and Nouzonville."),
    N_("With an emergency team that also drives to Belgium."),
    N_("Premises lent to visiting specialists, not a hospital."),
    N_("Keeps the holidays of France, not those of Alsace-Moselle."),
    N_("Keeps the holidays of Alsace-Moselle."),
    N_("Strategic partner of COSAN."),
    N_("Financial partner of COSAN."),
)
EQUIPMENT = (N_("endourology"),)

TEXTS = frozenset(
    (
        *TITLES,
        *LEGAL_BASES,
        *FREQUENCIES,
        *AGREEMENT_NOTES,
        *ZONES_IN_FORCE,
        *REGISTERS,
        *SITE_NOTES,
        *EQUIPMENT,
    )
)
