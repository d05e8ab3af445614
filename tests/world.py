"""The world of tests: Mons and Maubeuge with an agreement in force, and Tourcoing and Mouscron, who are strangers.

Both sides have the same kinds of things, so that a test can try what belongs to the other.
"""

from dataclasses import dataclass, field

from tests import factories as make

MONS_LOGINS = ("coordinator.mons", "manager.mons", "administrator.mons", "clinician.mons")
STRANGER_LOGINS = ("coordinator.tourcoing", "manager.tourcoing", "administrator.tourcoing", "clinician.tourcoing")


@dataclass
class Side:
    """Ids of what belongs to two organisations that work together; ``home`` sends visitors to ``host``."""

    home: int
    host: int
    home_site: int
    host_site: int
    room: int
    theatre: int
    home_room: int
    visitor: int
    """A clinician of the home side who is enrolled in the agreement."""
    colleague: int
    """A clinician of the home side who is not enrolled."""
    host_clinician: int
    agreement: int
    template: int
    roster: int
    published: int
    """The current version, number 1: the first session is held, the second is a gap."""
    draft: int
    """Version number 2, a copy."""
    session: int
    gap: int
    seat: int
    leave: int
    subscription: int
    solve_run: int
    rule_choice: int
    """An exception to ``daily_rest`` of the home side."""
    accounts: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    """Ids of all that is there, and the logins of all who may come; every password is factories.PASSWORD."""

    ours: Side
    """Mons (home, BE) and Maubeuge (host, FR): coordinator.mons, coordinator.maubeuge, clinician.mons …"""
    theirs: Side
    """Mouscron (home, BE) and Tourcoing (host, FR): strangers to Mons and Maubeuge: coordinator.tourcoing …"""
    platform: int
    """The platform administrator, login ``platform``."""


def build_world():
    """Fill an empty database; the caller commits."""
    make.make_half_day_times()
    platform = make.make_account("platform", is_platform_administrator=True)
    return World(ours=_side("mons", "maubeuge"), theirs=_side("mouscron", "tourcoing"), platform=platform.id)


def _side(home_name, host_name):
    home = make.make_organisation(home_name.upper(), country="BE", name=f"Hospital {home_name.title()}")
    host = make.make_organisation(host_name.upper(), country="FR", name=f"Hospital {host_name.title()}")
    home_site, host_site = make.make_site(home), make.make_site(host)
    make.make_travel(home_site, host_site)
    home_room = make.make_room(home_site, name="Consulting 1")
    room = make.make_room(host_site, name="Consulting 1")
    theatre = make.make_room(host_site, name="Theatre 1", kind="theatre", equipment=["endourology"])
    initial = home_name[:3].upper()
    visitor = make.make_clinician(home_site, code=f"{initial}1", name=f"Dr Visitor {home.name}", countries=("BE", "FR"))
    colleague = make.make_clinician(home_site, code=f"{initial}2", name=f"Dr Colleague {home.name}")
    host_clinician = make.make_clinician(host_site, code=f"{initial}3", name=f"Dr Host {host.name}")
    agreement = make.make_agreement(home_site, host_site, code=f"{home.code}-{host.code}-URO", enrolled=[visitor])
    template = make.make_template(
        host_site,
        code=f"{home.code}-T1",
        agreement=agreement,
        demands=(("lead", "visitor"),),
        sessions_per_week=2,
        half_days=((1, "morning"), (2, "morning"), (2, "afternoon"), (4, "morning")),
    )
    roster = make.make_roster([home_site, host_site], templates=[template], title=f"{home.name} and {host.name}")
    session, gap = make.sessions_of(roster)
    published = make.make_version(roster)
    make.place(published, session, room=room, team={session.seats[0]: visitor})
    published.state, published.published_at = "published", make.NOW
    draft = make.make_version(roster, number=2, based_on=published)
    make.place(draft, session, room=room, team={session.seats[0]: visitor})
    make.publish_duties(published)
    side = Side(
        home=home.id,
        host=host.id,
        home_site=home_site.id,
        host_site=host_site.id,
        room=room.id,
        theatre=theatre.id,
        home_room=home_room.id,
        visitor=visitor.id,
        colleague=colleague.id,
        host_clinician=host_clinician.id,
        agreement=agreement.id,
        template=template.id,
        roster=roster.id,
        published=published.id,
        draft=draft.id,
        session=session.id,
        gap=gap.id,
        seat=session.seats[0].id,
        leave=make.make_leave(visitor, start_on=make.WEEK.replace(month=12, day=21)).id,
        subscription=0,
        solve_run=make.make_solve_run(roster, base_version=published).id,
        rule_choice=make.make_exception(home, rule="daily_rest", contracts=["self-employed"], strength="info").id,
    )
    accounts = [
        make.make_account(f"{role}.{organisation.code.lower()}", roles={organisation: role})
        for organisation in (home, host)
        for role in ("coordinator", "manager", "administrator")
    ]
    visitor_account = make.make_account(f"clinician.{home_name}", roles={home: "clinician"}, clinician=visitor)
    host_account = make.make_account(f"clinician.{host_name}", roles={host: "clinician"}, clinician=host_clinician)
    side.accounts = {account.login: account.id for account in (*accounts, visitor_account, host_account)}
    side.subscription = make.make_subscription(visitor, account=visitor_account).id
    return side
