"""How fast the probabilistic analysis draws, beside the bare generator and a loop over draws.

Run ``python benchmarks/simulation.py``. The bare generator draws the same random numbers and does
nothing with them; a ratio of one would mean that the model costs no time. The goal is 0.3. The
loop computes the same model for one draw at a time with plain Python numbers.
"""

from __future__ import annotations

DRAWS = 1_000_000
LOOP_DRAWS = 5_000
REPEATS = 3
SEED = 1
