"""Solve a problem: a plan at once, then better ones, until the best is proven, time is up, or someone says stop."""

import contextlib
import math
import queue
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from solver.audit import audit
from solver.case import case_of
from solver.compiling.stretches import Stretches
from solver.engines.portfolio import News, Race
from solver.engines.process import EnginePool, EngineProcess
from solver.explain import explain_gaps
from solver.linear import LinearStatus
from solver.model import compile_model
from solver.outcome import Audit, Gap, Outcome, Progress, SolveStatus
from solver.plan import Plan
from solver.problem import Problem, Strength
from solver.rooms import RoomsLacking, name_rooms
from solver.searching.greedy import greedy_values, lawful_part
from solver.searching.incidence import Incidence, incidence_of
from solver.searching.replanning import Replanning, replanned
from solver.searching.team import ENGINES, Team, processors

__all__ = ["ENGINES", "solve"]

LEAST_SECONDS = 0.2
"""What an engine is given even when building took all the time."""

AUDIT_EVERY_SECONDS = 0.5
"""How often better values are made a plan and audited on the way, at most."""

AUDIT_SHARE = 5
"""And no more often than every so many times as long as that takes."""

BEAT_SECONDS = 1.0
"""After so long without news, progress tells that the search goes on."""

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def solve(
    problem: Problem,
    *,
    seconds: float = 20.0,
    seed: int = 1,
    engine: str = "auto",
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    hint: Plan | None = None,
    pool: EnginePool | None = None,
    workers: int | None = None,
    rounds: int | None = None,
    memory_mb: int | None = None,
    mode: Replanning | str = Replanning.EVERYTHING,
    keep_percent: int = 0,
    base: Plan | None = None,
    explain: bool = True,
) -> Outcome:
    """Give the best plan found in the time, its audited cost, and a bound that no plan can undercut.

    Parameters
    ----------
    seconds
        Time for building and searching; the start of an engine's process does not count.
    engine
        A key of ``ENGINES``.  ``highs`` or ``cpsat`` is that engine alone at the whole model, ``neighbourhoods`` is
        neighbourhood search alone, ``portfolio`` HiGHS and neighbourhood search side by side.  ``auto`` is the
        portfolio, for small models only once they have turned out to be hard; and CP-SAT should HiGHS fail.
    on_progress
        Called for each phase, better plan and better bound, and at least about every second, in this thread.
    should_stop
        Asked about ten times a second; True ends the solve with the best plan so far.
    hint
        A plan to start from, if it breaks no rule.
    pool
        Running engines to use; without one they are started for this solve and ended after it.
    workers
        Engines at work side by side; None: as many as there are processors, at least two.
    rounds
        Neighbourhoods to solve at most.
    memory_mb
        Limit of the address space of each engine started for this solve; a pool that is given has its own.
    mode, keep_percent, base
        How much of the published plan, or of ``base``, may change: see ``solver.searching.replanning``.  The outcome is
        that of the problem which ``replanned`` gives.
    explain
        False names the sessions not held without reasons, which on large problems saves seconds after the limit.

    Raises
    ------
    ValueError
        When the engine or the mode is not known, or the percentage is none.

    Notes
    -----
    The same seed gives the same plan when nothing depends on the clock: with one engine at the whole model that
    proves its plan in time, and with ``engine="neighbourhoods"``, ``workers=1`` and ``rounds`` that end in time.
    Searches side by side, and searches that time ends, find equally good plans and not always the same.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}")
    problem = replanned(problem, mode, keep_percent=keep_percent, base=base)
    with _pool(pool, memory_mb) as engines:
        if engine != "greedy":
            engines.prepare(ENGINES[engine][0] if ENGINES[engine] else "highs")
        search = _Search(problem, seconds, on_progress or _ignore, should_stop or _never)
        team = Team(engines, engine, seed, workers or processors(), rounds)
        search.begin(hint, team)
        search.go_on(team)
        return search.outcome(seed, engine, explain=explain)


@contextlib.contextmanager
def _pool(given: EnginePool | None, memory_mb: int | None) -> Iterator[EnginePool]:
    if given is not None:
        yield given
        return
    with EnginePool(memory_mb=memory_mb) as own:
        yield own


def _ignore(progress: Progress) -> None:
    del progress


def _never() -> bool:
    return False


class _Search:
    """The best plan so far, and what is known about it."""

    def __init__(self, problem: Problem, seconds: float, on_progress: OnProgress, should_stop: ShouldStop) -> None:
        self._problem, self._seconds = problem, seconds
        self._on_progress, self._should_stop = on_progress, should_stop
        self._began = time.perf_counter()
        self._starting = 0.0
        self._phase = "building"
        self._bound = -math.inf
        self._plan = Plan()
        self._audit: Audit | None = None
        self._first_plan_seconds: float | None = None
        self._notes: dict[str, None] = {}
        self._versions: dict[str, str] = {}
        self._stopped = self._doubted = False
        self._engine = ""
        self._audited, self._audit_seconds, self._told = 0, 0.0, 0.0
        self._last_audit = -math.inf
        self._race: Race | None = None

    @property
    def seconds(self) -> float:
        """Time spent without the starts of engines."""
        return time.perf_counter() - self._began - self._starting

    def left(self) -> float:
        """Give the time left to an engine; what the last audit will take is kept back."""
        return max(LEAST_SECONDS, self._seconds - self.seconds - self._audit_seconds)

    def is_over(self) -> bool:
        """Tell whether someone said stop or the time is used up."""
        return self._stopped or self.seconds >= self._seconds - self._audit_seconds

    def begin(self, hint: Plan | None, team: Team) -> None:
        """Build the model and make a first plan without any engine."""
        self.report("building")
        self._compiled = compile_model(self._problem)
        self._notes |= dict.fromkeys(str(message) for message in self._compiled.notes)
        self._incidence: Incidence = incidence_of(self._compiled.linear)
        race = self._race = Race(self._incidence, self.is_over, Stretches(self._compiled))
        x = greedy_values(self._compiled, self._incidence)
        if race.offer(x, "greedy"):
            self._audit_best(race)
        else:
            self._offer(lawful_part(self._problem, self._compiled.decode(x)))
        if not self._lawful():
            self._offer(Plan())
        if hint is not None:
            self._offer(hint)
        self._engine = "greedy"
        if self._lawful():
            self._first_plan_seconds = self.seconds
        self.report(self._phase, with_plan=self._lawful())
        # What the rooms left of the first plan, or the hint, may be what the engines start from.
        encoded = self._compiled.encode(self._plan) if team.engine != "greedy" and self._lawful() else None
        if encoded is not None and race.offer(encoded, "greedy"):
            self._audited = race.version
        self._stop()

    def go_on(self, team: Team) -> None:
        """Let engines search, and take in what they report."""
        race = self._race
        if race is None or team.engine == "greedy" or self.is_over():
            return
        running = team.start(race, self._compiled, self.left, self.found)
        # Engines that are told to stop may take a moment to obey, and nothing depends on it.
        while running and not race.is_proven():
            news = self._next(race)
            if news is not None and news.ended:
                running -= 1
                if news.source == "whole" and _leaves_nothing(race):
                    race.stop()
            self._take(race, news)
            if self._stop():
                race.stop()
        self._conclude(race)

    def _next(self, race: Race) -> News | None:
        try:
            return race.news.get(timeout=0.1)
        except queue.Empty:
            return None

    def found(self, process: EngineProcess, waited: float) -> None:
        """Remember an engine that is up; called by any thread."""
        self._versions[process.engine] = process.version
        self._starting = max(self._starting, waited)

    def _take(self, race: Race, news: News | None) -> None:
        """Tell what is new: phases and bounds at once, plans as often as audits allow."""
        better_bound = race.bound > self._bound
        self._bound = max(self._bound, race.bound)
        phase = news.phase if news is not None else None
        found = self._audit_best(race) if self._is_audit_due(race) else False
        if found or better_bound or phase is not None or self.seconds - self._told > BEAT_SECONDS:
            self.report(phase or self._phase, with_plan=found)

    def _is_audit_due(self, race: Race) -> bool:
        pause = max(AUDIT_EVERY_SECONDS, AUDIT_SHARE * self._audit_seconds)
        return race.version != self._audited and (
            self._first_plan_seconds is None or self.seconds - self._last_audit > pause
        )

    def _audit_best(self, race: Race) -> bool:
        """Make a plan of the best values and judge it; tell whether it is the best plan now."""
        state = race.state()
        if state is None or state[2] == self._audited:
            return False
        x, _, self._audited = state
        claimed = self._incidence.cost(x)
        before, began = self._audit, time.perf_counter()
        judged = self._offer(self._compiled.decode(x))
        self._judge(race.source, claimed, judged)
        self._audit_seconds, self._last_audit = time.perf_counter() - began, self.seconds
        if self._audit is before:
            return False
        self._engine = race.source
        if self._first_plan_seconds is None and self._lawful():
            self._first_plan_seconds = self.seconds
        return True

    def outcome(self, seed: int, engine: str, *, explain: bool) -> Outcome:
        """Give the end of the search."""
        judged = self._judged()
        bound = self._best_bound()
        self.report("done", with_plan=True)
        return Outcome(
            status=self._status(bound),
            plan=self._plan,
            cost=judged.cost,
            bound=bound,
            rule_costs=judged.rule_costs,
            breaches=judged.breaches,
            gaps=explain_gaps(self._problem, self._plan) if explain else tuple(self._gaps()),
            yielded_pins=case_of(self._problem).yielded_pins,
            engine=self._engine or engine,
            seed=seed,
            seconds=self.seconds,
            first_plan_seconds=self._first_plan_seconds,
            versions=(*self._versions.items(), *_versions()),
            note="; ".join(self._notes),
            start_seconds=self._starting,
        )

    def _gaps(self) -> Iterator[Gap]:
        for session in self._problem.sessions:
            if session.id not in self._plan.by_session:
                yield Gap(session.id, session.priority, ())

    def report(self, phase: str, *, with_plan: bool = False) -> None:
        """Tell where the search stands."""
        self._phase = phase
        self._told = self.seconds
        known = self._first_plan_seconds is not None
        self._on_progress(
            Progress(
                phase=phase,
                seconds=self.seconds,
                cost=self._judged().cost if known else None,
                bound=None if self._bound == -math.inf else self._best_bound(),
                gaps=len(self._problem.sessions) - len(self._plan.held),
                plan=self._plan if with_plan else None,
                rule_costs=self._judged().rule_costs if known else (),
                engine=self._engine,
            )
        )

    def _stop(self) -> bool:
        self._stopped = self._stopped or self._should_stop()
        return self._stopped

    def _lawful(self) -> bool:
        return self._audit is not None and self._audit.lawful

    def _judged(self) -> Audit:
        if self._audit is None:
            self._audit = audit(self._problem, self._plan)
        return self._audit

    def _offer(self, plan: Plan) -> Audit:
        """Name the rooms of a plan and judge it; keep it when it breaks no rule and costs less."""
        try:
            plan = name_rooms(self._problem, plan)
        except RoomsLacking as lacking:
            plan = lacking.plan.without(lacking.sessions)
        judged = audit(self._problem, plan)
        if self._audit is None or (judged.lawful and (judged.cost < self._audit.cost or not self._audit.lawful)):
            self._plan, self._audit = plan, judged
        return judged

    def _conclude(self, race: Race) -> None:
        """Take in the end of the race; what engines claim is kept only as far as the audit agrees."""
        self._bound = max(self._bound, race.bound)
        self._audit_best(race)
        self._notes |= dict.fromkeys(race.notes)
        for answer in race.answers:
            if answer.status is LinearStatus.INFEASIBLE:
                self._doubt(f"{answer.engine} claims that there is no plan")
        if race.is_proven():
            self._engine = race.bounder
        cost = self._judged().cost
        if self._lawful() and self._bound - 1e-6 > cost:
            self._doubt(f"{self._engine} claims the bound {self._bound}, the audit finds {cost}")

    def _doubt(self, note: str) -> None:
        self._notes[note] = None
        self._doubted = True

    def _judge(self, source: str, claimed: int, judged: Audit) -> None:
        """Compare the claimed cost of a plan with its audit."""
        if judged.lawful and judged.cost == claimed:
            return
        note = f"{source} claims cost {claimed}, the audit finds {judged.cost}"
        if not judged.lawful:
            note += f" and a broken rule: {next(b for b in judged.breaches if b.strength is Strength.BLOCK).message}"
            self._doubt(note)
        elif judged.cost > claimed:
            # It may be short of rooms that the model only counts: the bound still holds.
            self._notes[note] = None
        else:
            # A column that only tells of others may be up without need.  Otherwise the model asks more than the
            # rules do, and nothing that follows from it is claimed.
            x = self._compiled.encode(self._plan)
            if x is None or self._incidence.cost(x) != judged.cost:
                self._doubt(note)
            elif self._race is not None:
                self._race.offer(x, source)
                self._audited = self._race.version

    def _best_bound(self) -> float:
        """Give the bound as a whole number at most the cost; 0, which no plan undercuts, without one."""
        if self._bound == -math.inf or self._doubted:
            return 0.0
        return float(max(0, min(math.ceil(self._bound - 1e-6), self._judged().cost)))

    def _status(self, bound: float) -> SolveStatus:
        if not self._lawful():
            return SolveStatus.FAILED
        if bound >= self._judged().cost:
            return SolveStatus.OPTIMAL
        return SolveStatus.STOPPED if self._stopped else SolveStatus.FEASIBLE


def _leaves_nothing(race: Race) -> bool:
    """Tell whether others have nothing to improve after the engine at the whole model has ended."""
    impossible = any(answer.status is LinearStatus.INFEASIBLE for answer in race.answers)
    return impossible or race.is_proven() or race.state() is None


def _versions() -> Iterator[tuple[str, str]]:
    for library in ("numpy",):
        with contextlib.suppress(PackageNotFoundError):
            yield library, version(library)
