"""How fast the probabilistic analysis draws, beside the bare generator and a loop over draws.

Run ``python benchmarks/simulation.py``. The bare generator draws the same random numbers and does
nothing with them, so a ratio of one would mean that the model costs no time; the goal is 0.3. The
loop computes the same model for one draw at a time. No test depends on these times.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from analysis.cost_offset.accounts import model
from analysis.cost_offset.parameters import parameters
from analysis.cost_offset.scenarios import SCENARIOS
from analysis.evidence import load
from analysis.probabilistic import draw_chunks, simulate

DRAWS, LOOP_DRAWS = 1_000_000, 2_000
REPEATS = 5
HORIZON = 84


def seconds(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """The shortest of several runs: what the machine can do when nothing disturbs it."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the three rates and their ratios."""
    laws = SCENARIOS["bounded"].inputs(parameters(load()))
    random = sum(law.family != "fixed" for law in laws.values())

    def bare() -> None:
        for _ in draw_chunks(laws, 1, DRAWS):
            pass

    def loop() -> None:
        for inputs in draw_chunks(laws, 1, LOOP_DRAWS, chunk=1):
            model({name: float(np.ravel(value)[0])
                   for name, value in inputs.items()}, HORIZON)  # fmt: skip

    vectorised = DRAWS / seconds(lambda: simulate(lambda x: model(x, HORIZON), laws, 1, DRAWS))
    generator = DRAWS / seconds(bare)
    scalar = LOOP_DRAWS / seconds(loop, 1)
    print(f"inputs: {len(laws)}, of which random: {random}; results of each draw: 8")
    print(f"simulation      {vectorised:12,.0f} draws a second")
    print(f"bare generator  {generator:12,.0f}   ratio {vectorised / generator:.2f} (goal 0.3)")
    print(f"loop            {scalar:12,.0f}   ratio {vectorised / scalar:,.0f}")


if __name__ == "__main__":
    main()
