"""Solve a problem: a plan at once, then better ones, until the best is proven, time is up, or someone says stop."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from solver.audit import audit
from solver.case import case_of
from solver.engines.process import EngineDied, EngineEvent, EnginePool, EngineProcess
from solver.explain import explain_gaps
from solver.greedy import greedy_plan
from solver.linear import LinearAnswer, LinearStatus
from solver.model import CompiledModel, compile_model
from solver.outcome import Audit, Outcome, Progress, SolveStatus
from solver.plan import Plan
from solver.problem import Problem, Strength
from solver.rooms import RoomsLacking, name_rooms

ENGINES: dict[str, tuple[str, ...]] = {
    "auto": ("highs", "cpsat"),
    "highs": ("highs",),
    "cpsat": ("cpsat",),
    "greedy": (),
}
"""Engines by the name asked for, in the order tried: the next one when the one before has failed."""

LEAST_SECONDS = 0.2
"""What an engine is given even when building took all the time."""

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
) -> Outcome:
    """Give the best plan found in the time, its audited cost, and a bound that no plan can undercut.

    Parameters
    ----------
    seconds
        Time for building and searching; the start of an engine's process does not count.
    engine
        A key of ``ENGINES``: ``auto`` is HiGHS, and CP-SAT should that fail.
    on_progress
        Called for each phase, better plan and better bound, in this thread.
    should_stop
        Asked about ten times a second; True ends the solve with the best plan so far.
    hint
        A plan to start from, if it breaks no rule.
    pool
        Running engines to use; without one they are started for this solve and ended after it.

    Raises
    ------
    ValueError
        When the engine is not known.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}")
    with _pool(pool) as engines:
        for name in ENGINES[engine][:1]:
            engines.prepare(name)
        search = _Search(problem, seconds, on_progress or _ignore, should_stop or _never)
        search.begin(hint)
        answer = None
        if ENGINES[engine] and not search.is_over():
            compiled = search.compiled()
            for name in ENGINES[engine]:
                answer = search.improve(compiled, engines, name, seed)
                if search.is_over() or (answer is not None and not answer.note):
                    break
        return search.outcome(answer, seed, engine)


@contextlib.contextmanager
def _pool(given: EnginePool | None) -> Iterator[EnginePool]:
    if given is not None:
        yield given
        return
    with EnginePool() as own:
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
        self._audit: Audit = audit(problem, self._plan)
        self._first_plan_seconds: float | None = None
        self._notes: list[str] = []
        self._versions: list[tuple[str, str]] = []
        self._stopped = False

    @property
    def seconds(self) -> float:
        """Time spent without the starts of engines."""
        return time.perf_counter() - self._began - self._starting

    def is_over(self) -> bool:
        """Tell whether someone said stop or the time is used up."""
        return self._stopped or self.seconds >= self._seconds

    def begin(self, hint: Plan | None) -> None:
        """Make a first plan without any engine."""
        self.report("building")
        self._offer(greedy_plan(self._problem))
        if hint is not None:
            self._offer(hint)
        self._first_plan_seconds = self.seconds
        self.report(self._phase, with_plan=True)
        self._stop()

    def compiled(self) -> CompiledModel:
        """Build the model, and take in what it has to tell."""
        compiled = compile_model(self._problem)
        self._notes.extend(str(message) for message in compiled.notes)
        return compiled

    def improve(self, compiled: CompiledModel, engines: EnginePool, name: str, seed: int) -> LinearAnswer | None:
        """Let an engine search; None when its process does not come up."""
        process = self._started(engines, name)
        if process is None:
            return None
        answer = process.solve(
            compiled.linear,
            seconds=max(LEAST_SECONDS, self._seconds - self.seconds),
            seed=seed,
            hint=compiled.encode(self._plan),
            on_event=lambda event: self._take(compiled, event),
            should_stop=self._stop,
        )
        if answer.note:
            self._notes.append(f"{name}: {answer.note}")
        self._conclude(compiled, answer)
        return answer

    def outcome(self, answer: LinearAnswer | None, seed: int, engine: str) -> Outcome:
        """Give the end of the search."""
        cost = self._audit.cost
        bound = self._best_bound()
        self._phase = "done"
        self.report("done", with_plan=True)
        return Outcome(
            status=self._status(bound),
            plan=self._plan,
            cost=cost,
            bound=bound,
            rule_costs=self._audit.rule_costs,
            breaches=self._audit.breaches,
            gaps=explain_gaps(self._problem, self._plan),
            yielded_pins=case_of(self._problem).yielded_pins,
            engine=engine if answer is None else answer.engine,
            seed=seed,
            seconds=self.seconds,
            first_plan_seconds=self._first_plan_seconds,
            versions=(*self._versions, *_versions()),
            note="; ".join(self._notes),
            start_seconds=self._starting,
        )

    def report(self, phase: str, *, with_plan: bool = False) -> None:
        """Tell where the search stands."""
        self._phase = phase
        bound = None if self._bound == -math.inf else self._best_bound()
        self._on_progress(
            Progress(
                phase=phase,
                seconds=self.seconds,
                cost=self._audit.cost if self._first_plan_seconds is not None else None,
                bound=bound,
                gaps=len(self._problem.sessions) - len(self._plan.held),
                plan=self._plan if with_plan else None,
            )
        )

    def _started(self, engines: EnginePool, name: str) -> EngineProcess | None:
        began = time.perf_counter()
        try:
            process = engines.engine(name)
        except EngineDied as died:
            self._notes.append(str(died))
            return None
        finally:
            self._starting += time.perf_counter() - began
        self._versions.append((name, process.version))
        return process

    def _stop(self) -> bool:
        self._stopped = self._stopped or self._should_stop()
        return self._stopped

    def _take(self, compiled: CompiledModel, event: EngineEvent) -> None:
        """Take in what an engine reports on its way."""
        bound = -math.inf if event.bound is None else event.bound
        better_bound = bound > self._bound
        self._bound = max(self._bound, bound)
        before = self._audit
        if event.x is not None and event.cost is not None and event.cost < self._audit.cost:
            self._offer(compiled.decode(event.x))
        found = self._audit is not before
        if found or better_bound or event.phase is not None:
            self.report(event.phase or self._phase, with_plan=found)

    def _offer(self, plan: Plan) -> Audit:
        """Name the rooms of a plan and judge it; keep it when it breaks no rule and costs less."""
        try:
            plan = name_rooms(self._problem, plan)
        except RoomsLacking as lacking:
            plan = lacking.plan.without(lacking.sessions)
        judged = audit(self._problem, plan)
        if judged.lawful and (judged.cost < self._audit.cost or not self._audit.lawful):
            self._plan, self._audit = plan, judged
        return judged

    def _conclude(self, compiled: CompiledModel, answer: LinearAnswer) -> None:
        """Take in an engine's answer; what it claims is kept only as far as the audit agrees."""
        if answer.status is LinearStatus.INFEASIBLE:
            self._doubt(f"{answer.engine} claims that there is no plan")
            return
        self._bound = max(self._bound, answer.bound)
        if answer.x is not None:
            self._judge(answer, self._offer(compiled.decode(answer.x)))
        if self._bound - 1e-6 > self._audit.cost:
            self._doubt(f"{answer.engine} claims the bound {self._bound}, the audit finds {self._audit.cost}")

    def _doubt(self, note: str) -> None:
        self._notes.append(note)
        self._bound = -math.inf

    def _judge(self, answer: LinearAnswer, judged: Audit) -> None:
        """Compare the claimed cost of a plan with its audit."""
        if judged.lawful and judged.cost == answer.cost:
            return
        note = f"{answer.engine} claims cost {answer.cost}, the audit finds {judged.cost}"
        if not judged.lawful:
            note += f" and a broken rule: {next(b for b in judged.breaches if b.strength is Strength.BLOCK).message}"
        # A dearer plan may be short of rooms that the model only counts: its bound still holds.  Otherwise
        # the model asks more or less than the rules do, and nothing that follows from it is claimed.
        if not judged.lawful or answer.cost is None or judged.cost < answer.cost:
            self._doubt(note)
        else:
            self._notes.append(note)

    def _best_bound(self) -> float:
        """Give the bound as a whole number at most the cost; 0, which no plan undercuts, without one."""
        if self._bound == -math.inf:
            return 0.0
        return float(min(math.ceil(self._bound - 1e-6), self._audit.cost))

    def _status(self, bound: float) -> SolveStatus:
        if not self._audit.lawful:
            return SolveStatus.FAILED
        if bound >= self._audit.cost:
            return SolveStatus.OPTIMAL
        return SolveStatus.STOPPED if self._stopped else SolveStatus.FEASIBLE


def _versions() -> Iterator[tuple[str, str]]:
    for library in ("numpy",):
        with contextlib.suppress(PackageNotFoundError):
            yield library, version(library)
