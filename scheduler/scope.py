"""Who asks, and what that lets them see: a frozen value that queries take instead of the request."""

from dataclasses import dataclass

OFFICE = ("coordinator", "manager", "administrator")
"""Access roles that see all that their organisation plans, drafts included."""


@dataclass(frozen=True, slots=True)
class Scope:
    """An account's reach.

    Parameters
    ----------
    roles
        Access role by organisation id.
    partner_ids
        Organisations tied to one of the account's organisations by an agreement in force today.
    agreement_ids
        Those agreements in force.
    clinician_id
        The clinician whose account it is, if any.
    """

    account_id: int
    roles: tuple[tuple[int, str], ...] = ()
    partner_ids: frozenset[int] = frozenset()
    agreement_ids: frozenset[int] = frozenset()
    clinician_id: int | None = None
    is_platform_administrator: bool = False

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The account's own organisations."""
        return frozenset(organisation for organisation, _ in self.roles)

    def role_in(self, organisation_id: int) -> str | None:
        """Give the access role in an organisation, or None."""
        return dict(self.roles).get(organisation_id)

    def organisations_as(self, *roles: str) -> frozenset[int]:
        """Give the organisations in which the account has one of these access roles."""
        return frozenset(organisation for organisation, role in self.roles if role in roles)

    def has_role(self, *roles: str) -> bool:
        """Tell whether the account has one of these access roles anywhere."""
        return bool(self.organisations_as(*roles))

    @property
    def visible_organisation_ids(self) -> frozenset[int]:
        """Own organisations and partners through an agreement in force."""
        return self.organisation_ids | self.partner_ids
