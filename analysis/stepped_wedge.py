"""A stepped wedge: all clusters start untreated and cross over in turn, in random order.

Cells of a design are 0 before and 1 after the crossing, a row a cluster, a column a period.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.intervals import check_share


def wedge(steps: int, clusters_a_step: int = 1) -> NDArray[np.int64]:
    """The design with one period before the first step and one after each.

    >>> wedge(3).tolist()
    [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
    """
    if steps < 2 or clusters_a_step < 1:
        raise ValueError("a wedge needs 2 or more steps and 1 or more clusters a step")
    rows = np.triu(np.ones((steps, steps + 1), int), 1)
    return np.repeat(rows, clusters_a_step, axis=0)


def wedge_variance(design: ArrayLike, share: float, between_sd: float, each: float) -> float:
    """Variance of the treatment effect, a difference of shares, with ``each`` new people a cell.

    Iσ²(σ² + Tτ²) / ((IU − W)σ² + (U² + ITU − TW − IV)τ²) for I clusters in T periods, with σ² the
    variance of a cell's mean, U the treated cells, W = Σ(column sums)², V = Σ(row sums)²; the
    periods have effects of their own. Hussey and Hughes 2007, formula 8.

    >>> round(wedge_variance(wedge(3), 0.5, 0.05, 20), 5)
    0.01115
    """
    check_share("share", share)
    x = np.asarray(design, float)
    clusters, periods = x.shape
    cell = (share * (1 - share) - between_sd**2) / each
    if cell <= 0 or between_sd < 0:
        raise ValueError("between_sd exceeds the spread of a yes or no; divide points by 100")
    treated = x.sum()
    columns, rows = (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    alone = (clusters * treated - columns) * cell
    shared = treated**2 + clusters * periods * treated - periods * columns - clusters * rows
    top = clusters * cell * (cell + periods * between_sd**2)
    return float(top / (alone + shared * between_sd**2))


def times_individual(steps: int, share: float, between_sd: float, each: float) -> float:
    """How many times the people of a trial that randomises each person a stepped wedge needs.

    Its variance over that of two equal arms with as many people and no clusters, 4p(1 − p)/N; it
    does not depend on the number of clusters a step.

    >>> round(times_individual(3, 0.5, 0.05, 20), 2)
    2.68
    """
    design = wedge(steps)
    individual = 4 * share * (1 - share) / (design.size * each)
    return wedge_variance(design, share, between_sd, each) / individual
