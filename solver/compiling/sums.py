"""Terms as sums of columns, with the columns that some of them need of their own."""

from collections.abc import Iterable, Iterator, Sequence

from solver.case import Case
from solver.compiling.chains import ChainKey, add_chain
from solver.compiling.columns import Chain, Entries, Layout, Matrix
from solver.compiling.patterns import DayCell, cliques
from solver.compiling.sorting import cell_keys, elements
from solver.demand import Stint
from solver.terms import AnyOf, Assigned, Changes, EndsAt, HeldAt, Present, Term, Unserved, Works

Block = tuple[tuple[int, ...], int]
"""Columns, and the most that their sum can be."""


class Sums:
    """Writes terms as sums of columns, in a model whose patterns and flows have theirs."""

    def __init__(self, case: Case, matrix: Matrix, layout: Layout) -> None:
        self.case = case
        self.matrix = matrix
        self.layout = layout
        self._one_of: dict[int, object] = {}
        self._held: dict[tuple[int, int], list[int]] = {}
        self._cover: dict[tuple[str, Stint], list[tuple[int, int]]] = {}
        self._any: dict[tuple[Block, ...], int] = {}
        self._chains: dict[ChainKey, Chain] = {}
        self._entries: dict[tuple[type, Term], Entries] = {}
        for cell in layout.cells.values():
            if not cell.wide:
                self._one_of.update((column, cell) for _, column in cell.columns())
        for flow in layout.flows:
            for (post, option), column in zip(flow.posts, flow.columns, strict=True):
                if post.seat == 0:
                    self._held.setdefault((post.group, option), []).append(column)
                if not flow.stint.exclusive and len(flow.members) == 1:
                    here = self._cover.setdefault((flow.members[0], flow.stint), [])
                    here.append((column, case.demand.groups[post.group].size))

    def cover(self, cells: Iterable[tuple[str, Stint]]) -> None:
        """Tell for each of these covers whether the clinician holds any."""
        for who, stint in cells:
            columns = self._cover.get((who, stint), ())
            watching = self.layout.watching[who, stint] = self.matrix.column()
            for column, size in columns:
                self.matrix.row({column: 1, watching: -size}, high=0)
            self.matrix.row({watching: 1} | {column: -1 for column, _ in columns}, high=0)

    def constant(self, term: EndsAt) -> int:
        """Give the part of a term's value that no column tells."""
        chain = self._chain(term)
        return int(not chain.steps and chain.start == term.label)

    def entries(self, term: Term) -> Entries:
        """Give a term as a sum of columns, which is not to be changed."""
        key = (type(term), term)
        if key not in self._entries:
            self._entries[key] = self._sum(term)
        return self._entries[key]

    def _sum(self, term: Term) -> Entries:
        match term:
            case Works():
                return self._works(term)
            case Present() | AnyOf():
                return self._or(self._blocks(term))
            case Assigned():
                column = self._assigned(term)
                return {} if column is None else {column: 1}
            case HeldAt():
                return dict.fromkeys(self._held.get(term, ()), 1)
            case Unserved():
                return {self.layout.unserved[term.group]: 1}
            case Changes():
                return dict(self._chain(term).changes)
            case EndsAt():
                return dict.fromkeys(self._chain(term).ends.get(term.label, ()), 1)
            case _:
                return {}

    def reach(self, entries: Entries) -> tuple[float, float]:
        """Give limits of a sum; of the patterns of one day only one counts."""
        parts: dict[object, int] = {}
        most = least = 0.0
        one_of, lower, upper = self._one_of.get, self.matrix.lower, self.matrix.upper
        negative: dict[object, int] = {}
        for column, value in entries.items():
            part = one_of(column)
            if part is None:
                ends = value * lower[column], value * upper[column]
                least, most = least + min(ends), most + max(ends)
            elif value > parts.get(part, 0):
                parts[part] = value
            elif value < negative.get(part, 0):
                negative[part] = value
        return least + sum(negative.values()), most + sum(parts.values())

    def once(self, cell: DayCell, mask: int) -> Entries:
        """Give the sum that is 1 when any stint of this mask of a day is worked."""
        return self._or(list(_day_blocks(cell, mask)))

    def _works(self, term: Works) -> Entries:
        entries: Entries = {}
        for who, place in dict.fromkeys(cell_keys(term)):
            if isinstance(place, Stint):
                entries |= dict.fromkeys((column for column, _ in self._cover.get((who, place), ())), 1)
            elif (cell := self.layout.cells.get((who, place))) is not None:
                entries.update(cell.counts(cell.mask(term.stints)))
        return entries

    def _assigned(self, term: Assigned) -> int | None:
        stint = self.case.demand.groups[term.post.group].stints[term.post.seat][term.option]
        found = self.layout.flow_of.get((term.clinician, stint, term.post))
        return None if found is None else found[1]

    def _blocks(self, term: Term) -> list[Block]:
        """Give the columns of which any makes a term more than zero."""
        blocks: dict[Block, None] = {}
        for part in elements(term):
            match part:
                case Works() | Present():
                    blocks.update(dict.fromkeys(self._presence(part)))
                case HeldAt():
                    size = self.case.demand.groups[part.group].size
                    blocks[tuple(self._held.get(part, ())), size] = None
                case _:
                    for column in self.entries(part):
                        blocks[(column,), int(self.matrix.upper[column])] = None
        return [block for block in blocks if block[0]]

    def _presence(self, term: Works | Present) -> Iterator[Block]:
        for who, place in dict.fromkeys(cell_keys(term)):
            if isinstance(place, Stint):
                yield (self.layout.watching[who, place],), 1
            elif (cell := self.layout.cells.get((who, place))) is not None:
                yield from _day_blocks(cell, cell.mask(term.stints))

    def _or(self, blocks: Sequence[Block]) -> Entries:
        """Give a sum that is 1 when any block is more than zero, else 0; a new column where no sum does."""
        if len(blocks) <= 1 and all(most <= 1 for _, most in blocks):
            return dict.fromkeys((c for columns, _ in blocks for c in columns), 1)
        key = tuple(blocks)
        if key not in self._any:
            column = self._any[key] = self.matrix.column()
            members = dict.fromkeys((c for columns, _ in blocks for c in columns), 1)
            self.matrix.row({column: 1} | dict.fromkeys(members, -1), high=0)
            for columns, most in blocks:
                self.matrix.row({column: -most} | dict.fromkeys(columns, 1), high=0)
            self.layout.present.append((column, members))
        return {self._any[key]: 1}

    def _chain(self, term: Changes | EndsAt) -> Chain:
        key = (term.clinician, term.labels, term.start)
        if key not in self._chains:
            chain = self._chains[key] = add_chain(self.matrix, self.layout, key)
            self.layout.chains.append(chain)
            self._one_of.update((column, step) for step in chain.steps for column in step.arcs.values())
        return self._chains[key]


def _day_blocks(cell: DayCell, mask: int) -> Iterator[Block]:
    """Give the columns that mean work at any stint of a mask: one block, or on a wide day one for each clique."""
    if not cell.wide:
        yield tuple(cell.meeting(mask)), 1
        return
    clashes = [others & mask if mask >> i & 1 else 0 for i, others in enumerate(cell.clashes)]
    alone = (1 << i for i in range(len(clashes)) if mask >> i & 1 and not clashes[i])
    for clique in (*alone, *cliques(clashes)):
        yield tuple(cell.meeting(clique)), 1
