"""What carrying a trial's result to the service supposes, and which way each supposition pushes."""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import computes
from analysis.tables import Table
from analysis.trial_contrasts import OUTCOMES, rows_of

MORE, LESS, EITHER = "more net extra recoveries", "fewer net extra recoveries", "more or fewer"
SUPPOSITIONS = (
    (
        "Same usual care",
        "People outside the service get what the trial's control arm got",
        "Better care outside it in England",
        LESS,
    ),
    (
        "Same usual care",
        "People outside the service get what the trial's control arm got",
        "Poorer care or a long wait outside it in England",
        MORE,
    ),
    (
        "Same case mix",
        "The trial's population fits everyone who finishes a course",
        "More severe or chronic cases in England: both rates differ, by scale",
        EITHER,
    ),
    (
        "Same time point",
        "The end of a course stands for the trial's months after the start",
        "More of the comparators recover by the later time than by the end of a course",
        MORE,
    ),
    (
        "Recovery holds",
        "Nobody who has recovered at the end has relapsed by the trial's time",
        "Some have relapsed, so the rate at the later time is below the published one",
        LESS,
    ),
    (
        "Same rule for missing outcomes",
        "The trial's model and the service's rule count alike",
        "Missing counted as not recovered in the trial too: see the row of the table",
        EITHER,
    ),
    (
        "Offered and stayed alike",
        "An effect on all who were offered care holds for those who stayed",
        "Those who stay gain more than those who do not come",
        MORE,
    ),
    (
        "Offered and stayed alike",
        "The comparators of those who stayed recover as often as all controls",
        "Those who stay would have recovered more often anyway",
        LESS,
    ),
    (
        "Same outcome",
        "Reliable recovery on PHQ-9 and GAD-7 means the same in both",
        "Another anxiety scale replaces GAD-7 for part of the courses in England",
        EITHER,
    ),
    (
        "Same service",
        "English services achieve what the trial's early sites achieved",
        "Early sites do better than services at scale",
        LESS,
    ),
    (
        "Answers free of hope",
        "People who know that they were treated answer as controls do",
        "They answer in line with what was hoped for",
        LESS,
    ),
    (
        "One referral, one person",
        "A recovery of a referral is the recovery of another person",
        "People who come back are counted again",
        LESS,
    ),
)


@computes
def assumptions(evidence: Evidence) -> dict[str, Table]:
    """The suppositions of transport, what each says, how it may fail and what that does.

    Argued, not estimated: none of them has been tested for the service.
    """
    columns = ["Supposition", "What it says", "If instead", "then there are"]
    frame = pd.DataFrame(SUPPOSITIONS, columns=columns)
    rows = rows_of("pmhc_6m")
    used = evidence.rows(OUTCOMES, [*rows.treated, rows.control])
    caption = "What carrying the Norwegian trial to the English service supposes"
    return {"net_assumptions": Table(caption, frame, rows=used)}
