"""A multidisciplinary meeting brings several specialties together."""

from solver.bounds import AppliesTo, Ask, Rule
from solver.text import N_, Message, say


class MdtSpecialties(Rule):
    """The seats of a meeting allow for so many different specialties.

    A meeting with fewer occupying seats than that is not judged: its other members are not rostered here.  Seats
    with alternatives are counted at their best.
    """

    id = "mdt_specialties"
    title = N_("A multidisciplinary meeting has doctors of enough specialties")
    why = N_("Two surgeons agree too fast: what is decided by one discipline alone is no shared decision.")
    source = "INCa: réunion de concertation pluridisciplinaire"
    source_ids = ("CLIN-RCP", "CLIN-COM")
    applies_to = AppliesTo(kinds=frozenset({"mdt"}))
    params = {"specialties": 0, "specialties_FR": 3}  # noqa: RUF012 - a mapping that is only read
    labels = {  # noqa: RUF012 - a mapping that is only read
        "specialties": N_("Different specialties at least"),
    }
    on = ("site", "placing")

    def may(self, ask: Ask) -> Message | None:
        """Refuse anyone in a meeting whose seats allow for too few specialties."""
        limit = self.number("specialties", ask.site.country)
        wanted = [seat.specialties for seat in ask.session.seats if seat.exclusive]
        count = _different(wanted)
        if len(wanted) < limit or count >= limit:
            return None
        return say(TOO_FEW, session=ask.session.title, site=ask.site.name, count=count, limit=limit)


def _different(seats: list[tuple[str, ...]]) -> int:
    """Give the most different specialties that the seats allow for, one each."""
    taken: dict[str, int] = {}

    def seats_one(seat: int, tried: set[str]) -> bool:
        for specialty in seats[seat]:
            if specialty not in tried:
                tried.add(specialty)
                if specialty not in taken or seats_one(taken[specialty], tried):
                    taken[specialty] = seat
                    return True
        return False

    return sum(seats_one(seat, set()) for seat in range(len(seats)))


TOO_FEW = N_("“%(session)s” at %(site)s brings too few specialties together: %(count)d (at least %(limit)d).")
