"""Public instances as problems of the product: what a reader of such a file gives.

An instance is stated with the facts and rules of ``Problem`` alone and solved by the product's own search.  What a
format asks for and no rule can say is named in ``unsupported``, never left out in silence.
"""

from typing import Any, Protocol

from solver.plan import Plan
from solver.problem import Problem


class Instance(Protocol):
    """A public instance, read and mapped.

    Attributes
    ----------
    name
        Stem of the file's name.
    problem
        The same question with facts and rules of the product.
    offset
        What the cost of a problem's plan is more than the instance's own cost; the same for all plans that keep
        the instance's hard rules.
    unsupported
        Sentences, one for each part of the instance that the problem does not say.
    """

    @property
    def name(self) -> str:
        """Stem of the file's name."""
        ...

    @property
    def problem(self) -> Problem:
        """The same question with facts and rules of the product."""
        ...

    @property
    def offset(self) -> int:
        """What the cost of a problem's plan is more than the instance's own."""
        ...

    @property
    def unsupported(self) -> tuple[str, ...]:
        """What the problem does not say."""
        ...

    def solution(self, plan: Plan) -> Any:
        """Give the plan in the format of the published checker, ready for JSON."""
        ...

    def cost(self, plan: Plan) -> int | None:
        """Give the instance's own cost, counted from its file; None when the plan breaks one of its hard rules."""
        ...
