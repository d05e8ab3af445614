"""Plots of cost over time, as SVG."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Curve = Sequence[tuple[float, int]]

COLOURS = {"passerelle": "#0b6e4f", "highs": "#d17a22", "tutorial": "#5b5f97", "timefold": "#b33951"}
DASHES = {"passerelle": "-", "highs": "--", "tutorial": "-.", "timefold": ":"}


def plot_curves(path: Path, title: str, curves: Mapping[str, Curve], limit: float, bound: float | None) -> None:
    """Draw the cost of each solver's best plan over time, and the best bound that is proven.

    Raises
    ------
    ImportError
        When matplotlib is not installed; ``./run bench solver`` installs it.
    """
    import matplotlib as mpl  # a package that only this needs

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "passerelle"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for name, curve in curves.items():
        times = [seconds for seconds, _ in curve] + [limit]
        costs = [cost for _, cost in curve] + [curve[-1][1]]
        axes.step(times, costs, where="post", label=name, color=COLOURS.get(name), linestyle=DASHES.get(name, "-"))
    if bound is not None and bound > 0:
        axes.axhline(bound, color="#888888", linewidth=0.8, label="best bound")
    _label(axes, title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _label(axes: Any, title: str) -> None:
    axes.set_title(title)
    axes.set_xlabel("seconds")
    axes.set_ylabel("cost (audited)")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.legend()
