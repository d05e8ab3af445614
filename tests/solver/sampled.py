"""A rule that says something random, in every kind of term, about each problem: the same for the same seed."""

from random import Random

from solver.bounds import Bound, Rule
from solver.terms import AnyOf, Assigned, Changes, EndsAt, HeldAt, Present, Unserved, Works


class Sampled(Rule):
    """A few random bounds that the empty plan keeps where they block."""

    id = "sampled"
    title = "Something random"

    def __init__(self, seed):
        super().__init__()
        self.seed = seed

    def bounds(self, problem, scope):
        """Give bounds on what the filters leave, whatever the scope holds."""
        rng, leaves = Random(f"sampled {self.seed}"), scope.leaves()
        if leaves.placings:
            for number in range(rng.randint(1, 4)):
                yield self._bound(rng, leaves, number)

    def _bound(self, rng, leaves, number):
        shape = rng.choice((_terms, _terms, _sequence, _any, _window, _run))
        terms = shape(rng, leaves)
        empty = sum(amount * _of_nothing(leaves, term) for amount, term in terms)
        if rng.random() < 0.5:
            low, high = rng.choice((None, empty - rng.randint(0, 1))), empty + rng.randint(0, 1)
            return Bound((number,), terms, low=low, high=high)
        low = empty + rng.randint(-1, 3)
        high = rng.choice((None, low + rng.randint(0, 2)))
        return Bound((number,), terms, low=rng.choice((low, None)), high=high, cost=rng.randint(1, 40))


def _of_nothing(leaves, term):
    """Give the value of a term where nothing is held."""
    if isinstance(term, Unserved):
        return leaves.demand.groups[term.group].size
    return int(isinstance(term, EndsAt) and term.label == term.start)


def _terms(rng, leaves):
    return tuple((rng.choice((-2, -1, 1, 1, 2)), _term(rng, leaves)) for _ in range(rng.randint(1, 3)))


def _any(rng, leaves):
    return ((rng.choice((-1, 1, 2)), _term(rng, leaves, AnyOf)),)


def _sequence(rng, leaves):
    one = _term(rng, leaves, Changes)
    return ((1, one), (rng.randint(-1, 1), EndsAt(*one, rng.choice(["", *(name for name, _ in one.labels)]))))


def _window(rng, leaves):
    who, days = _days(rng, leaves)
    return tuple((1, Present(who, tuple(stints))) for stints in days)


def _run(rng, leaves):
    """Work on a day, and none on the days around it."""
    who, days = _days(rng, leaves)
    middle = rng.randrange(len(days))
    around = [n for n in (middle - 1, middle + 1) if 0 <= n < len(days)]
    return (
        (1, Present(who, tuple(days[middle]))),
        *((-1, Present(who, tuple(days[n]))) for n in around),
    )


def _days(rng, leaves):
    who, stints = _person(rng, leaves)
    days = {}
    for stint in stints:
        days.setdefault(stint.on, []).append(stint)
    return who, list(days.values())


def _person(rng, leaves):
    who = rng.choice(list(leaves.stints))
    return who, leaves.stints[who] + leaves.watches[who]


def _term(rng, leaves, kind=None):
    kind = kind or rng.choice((Works, Present, Present, Assigned, HeldAt, Unserved, AnyOf, AnyOf, Changes, EndsAt))
    if kind in (Assigned, HeldAt):
        return rng.choice(leaves.placings) if kind is Assigned else HeldAt(*rng.choice(leaves.held))
    if kind is Unserved:
        return Unserved(rng.randrange(len(leaves.demand.groups)))
    if kind is AnyOf:
        simple = (Works, Present, Assigned, HeldAt)
        return AnyOf(tuple(_term(rng, leaves, rng.choice(simple)) for _ in range(rng.randint(1, 4))))
    who, stints = _person(rng, leaves)
    if kind in (Works, Present):
        return kind(who, tuple(rng.sample(stints, rng.randint(1, len(stints)))))
    labels = _labels(rng, stints)
    start = rng.choice(("", *(name for name, _ in labels)))
    return Changes(who, labels, start) if kind is Changes else EndsAt(who, labels, start, rng.choice(labels)[0])


def _labels(rng, stints):
    """Name stints by site, or at random."""
    found = {}
    by_site = rng.random() < 0.5
    for stint in stints:
        if rng.random() < 0.9:
            found.setdefault(stint.site if by_site else rng.choice("xyz"), []).append(stint)
    return tuple((name, tuple(found[name])) for name in sorted(found)) or (("x", ()),)
