"""The child process that solves one problem: it reads the question, writes JSON lines, and obeys "stop".

It knows neither the web nor the database, and ends with its parent.  Standard input carries one line with the
question and then commands; standard output carries nothing but events::

    {"event": "progress", "phase": …, "seconds": …, "cost": …, "bound": …, "gaps": …, "rule_costs": …, "engine": …,
     "plan": … or null}
    {"event": "outcome", "outcome": …}
    {"event": "answer", "answer": …}

A question about a plan has no progress and ends with an answer; who wants to stop it ends the process.
"""

import json
import os
import signal
import sys
import threading
from typing import IO, Any

from scheduler import answers
from scheduler.lifeline import end_with_parent, watch_input
from solver.outcome import Progress
from solver.plan import Plan
from solver.problem import Problem
from solver.problem_json import outcome_to_json, plan_from_json, plan_to_json, problem_from_json
from solver.records_json import encode_record
from solver.search import solve

NICENESS = 5
"""Pages go before solving."""

STOP = "stop"


def main() -> None:
    """Solve the problem that comes in."""
    end_with_parent(sys.argv)
    os.nice(NICENESS)
    stop = threading.Event()
    # Ctrl-C reaches the whole group; whether this process ends is for its parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    events = _own_stdout()
    question = json.loads(sys.stdin.readline())
    watch_input(sys.stdin, lambda line: stop.set() if line == STOP else None, lambda: os._exit(1))
    solving = _Solving(question, events, stop)
    solving.start()
    # The main thread only waits: a signal is answered here, never inside an engine.
    while solving.is_alive():
        solving.join(0.1)
    sys.exit(0 if solving.is_done else 1)


class _Solving(threading.Thread):
    """Solves in a thread of its own."""

    def __init__(self, question: dict[str, Any], events: IO[str], stop: threading.Event) -> None:
        super().__init__(name="solve")
        self.is_done = False
        self._question, self._events, self._stop_asked = question, events, stop

    def run(self) -> None:
        """Give the outcome of a solve, or the answer to a question."""
        kept = self._question["checkpoint"]
        problem = problem_from_json(self._question["problem"])
        plan = plan_from_json(kept) if kept is not None else None
        if self._question["kind"] == answers.PLAN:
            self._solve(problem, plan)
        else:
            self._answer(problem, plan or Plan())
        self.is_done = True

    def _solve(self, problem: Problem, hint: Plan | None) -> None:
        outcome = solve(
            problem,
            seconds=self._question["seconds"],
            seed=self._question["seed"],
            on_progress=self._tell,
            should_stop=self._stop_asked.is_set,
            hint=hint,
        )
        self._emit({"event": "outcome", "outcome": outcome_to_json(outcome)})

    def _answer(self, problem: Problem, plan: Plan) -> None:
        asked = answers.asked_from_json(self._question["kind"], self._question["asked"])
        self._emit({"event": "answer", "answer": answers.answer(problem, plan, asked, self._question["seconds"])})

    def _tell(self, progress: Progress) -> None:
        self._emit(
            {
                "event": "progress",
                "phase": progress.phase,
                "seconds": round(progress.seconds, 3),
                "cost": progress.cost,
                "bound": progress.bound,
                "gaps": progress.gaps,
                "rule_costs": [encode_record(one) for one in progress.rule_costs],
                "engine": progress.engine,
                "plan": plan_to_json(progress.plan) if progress.plan is not None else None,
            }
        )

    def _emit(self, event: dict[str, Any]) -> None:
        self._events.write(json.dumps(event, allow_nan=False) + "\n")
        self._events.flush()


def _own_stdout() -> IO[str]:
    """Give the true standard output; whatever a library prints goes to standard error instead."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


if __name__ == "__main__":
    main()
