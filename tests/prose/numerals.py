"""Find typed numerals and number words in text that readers see, and apply the allow-list.

A number about the subject comes from the data: it is published under a name and the build prints
it. Rules, where English is ambiguous:

- Dates are not findings: a year from 1900 to 2099, a financial year, a quarter of a year, a day
  with its month. A bare year is a count before a percent sign, "of" or a counted noun, and after
  a currency, minus or relation sign.
- Ordinals in words are order ("second session", "twenty-first"). "A third" is a fraction unless a
  noun that comes in order follows ("a third session"). "Quarter" is a fraction after an article
  or a number ("a quarter"), else a part of the year ("each quarter").
- "One" is a pronoun unless it stands in a ratio ("one in ten"), before a unit ("one month"), or
  as a value ("an effect size of one").
- "Most", "few", "both", "once", "majority" and "percentage points" are words without a number.
- Superscript and subscript digits are notation, and letters are not Roman numerals.

The allow-list ``allowed.csv`` has the columns ``where`` (a file pattern relative to the root, in
which ``*`` also crosses folders), ``kind`` (``phrase`` or ``regex``), ``pattern`` and ``reason``.
An allowance covers a numeral that lies wholly within a match of its pattern.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

BLANK = "\ue000"
COLUMNS = ["where", "kind", "pattern", "reason"]
REMEDY = (
    "publish the number and print it by name, or reword; if it is no finding, add a line with "
    "the reason to tests/prose/allowed.csv"
)

TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
CARDINAL = (
    "zero|nought|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|hundreds?|thousands?|millions?|billions?|"
    "trillions?|dozens?|"
    rf"(?:{TENS})(?![\s-](?:{ORDINAL})\b)"
)
WORD = rf"(?:\b(?:one|an?)[\s-]+)?\b(?:{CARDINAL})\b(?:(?:[\s-]+and)?[\s-]+(?:{CARDINAL})\b)*"
DIGITS = r"(?:[£$€]\s?)?\d+(?:[.,:/]\d+)*(?:\s?[%‰])?|[¼-¾⅐-\u218b①-\u24ff❶-➓]"
PART = (
    "third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|twentieth|hundredth|"
    "thousandth|millionth"
)
IN_ORDER = "party|parties|person|reading|session|question|reason|way|time|study|trial|chapter"
UNIT = (
    r"per\s?cent|percentage|hundredth|half|minute|hour|day|week|month|year|decade|session|"
    r"appointment|contact|pound|penny|pence|(?<!\bat\sone\s)point|standard\s(?:deviation|error)"
)
COUNTED = (
    rf"{CARDINAL}|(?:{UNIT})s?|people|persons?|patients?|clients?|referrals?|participants?|men|"
    "women|adults|recoveries|cases|courses|trials|studies|areas|providers|records|therapists|staff"
)
NUMBER = re.compile(
    rf"""
    \b(?:one|{WORD})[\s-]+(?:in|out\s+of|of\s+every|for\s+every)[\s-]+(?:every\s+)?
       (?:{WORD}|{DIGITS})                                      # one in ten
    | \b(?:an?|one|{WORD})[\s-]+(?:{PART})s?\b(?!\s+(?:{IN_ORDER})\b)   # two thirds, a quarter
    | \b(?:thirds|fourths|fifths|sixths|sevenths|eighths|ninths|tenths|hundredths)\b
    | \b(?:half|halves|halv(?:e|ed|ing)|twice|thrice|trebl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)
       |quadrupl(?:e|es|ed|ing))\b
    | \b(?:doubl(?:e|es|ed|ing))\b(?![\s-](?:blind|count|check))
    | \ba\s+couple\b(?!\s+therap)
    | \b(?:{CARDINAL}|one)-?fold\b
    | {WORD}
    | \bone[\s-]+(?:{UNIT})s?\b
    | (?:(?<=\bsize\sof\s)|(?<=\bvalue\sof\s)|(?<=\bratio\sof\s))one\b
    | {DIGITS}
    """,
    re.IGNORECASE | re.VERBOSE,
)

YEAR = r"(?:19|20)\d\d"
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
SPAN = rf"{YEAR}(?:\s?[-–/]\s?(?:{YEAR}|\d\d))"
DATE = re.compile(
    rf"""(?<![\w£$€.,%=<>≥≤≈~±−])(?<![=<>≥≤≈~±£$€−]\s)(?<!\s-)(?<!^-)(?:
    {YEAR}-\d\d-\d\d
    | (?:{DAY}(?:\s?[-–]\s?|\s+(?:to|and)\s+))?{DAY}\s+{MONTH}(?:\s+{YEAR})?
    | {MONTH}\s+{DAY},?\s+{YEAR}
    | Q[1-4]\s+(?:of\s+)?(?:{SPAN}|{YEAR})
    | {SPAN}
    | {YEAR}s?(?![\s-]+(?i:(?:out\s+)?of|{COUNTED})\b)
    )(?![\w%‰]|\s[%‰]|[.,:/–-]\d)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Text:
    """A stretch of text as shown, and the same with what is no prose blanked, letter by letter."""

    shown: str
    masked: str
    line: int = 1

    @classmethod
    def of(cls, parts: Iterable[tuple[str, bool]], line: int = 1) -> Text:
        """Join parts; those marked False are blanked."""
        parts = list(parts)
        masked = "".join(part if prose else BLANK * len(part) for part, prose in parts)
        return cls("".join(part for part, _ in parts), masked, line)


@dataclass(frozen=True)
class Located:
    """A text with the file it stands in and, for a notebook, its cell."""

    file: str
    text: Text
    cell: int | None = None


@dataclass(frozen=True)
class Allowance:
    """A line of the allow-list."""

    where: str
    kind: str
    pattern: str
    reason: str

    def spans(self, located: Located) -> Iterator[tuple[int, int]]:
        """Where the pattern stands in the text, if the text is in a file it speaks of."""
        if fnmatch(located.file, self.where):
            words = map(re.escape, self.pattern.split())
            pattern = self.pattern if self.kind == "regex" else r"\s+".join(words)
            yield from (match.span() for match in re.finditer(pattern, located.text.shown))


def read_allowances(path: Path) -> list[Allowance]:
    """Read the allow-list; raises ValueError if its columns are not ``COLUMNS``."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    if not rows or rows[0] != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise ValueError(f"{path}: every line needs the columns {', '.join(COLUMNS)}")
    return [Allowance(*row) for row in rows[1:]]


def numerals(text: Text) -> Iterator[tuple[int, int]]:
    """The spans of the numerals and number words of a text, dates left out.

    >>> line = "In 2019 a third of those 52.1% left"
    >>> [line[start:stop] for start, stop in numerals(Text(line, line))]
    ['a third', '52.1%']
    """
    dates = [match.span() for match in DATE.finditer(text.masked)]
    for match in NUMBER.finditer(text.masked):
        if not any(_within(match.span(), date) for date in dates):
            yield match.span()


def sentence(shown: str, at: int) -> str:
    """The sentence of a text around a position, on one line."""
    ends = [match.end() for match in re.finditer(r"[.!?:]\s+|\n\s*\n", shown)]
    start = max((end for end in ends if end <= at), default=0)
    stop = min((end for end in ends if end > at), default=len(shown))
    return " ".join(shown[start:stop].split())


def problems(texts: Iterable[Located], allowances: Sequence[Allowance]) -> list[str]:
    """Everything wrong, a message each: typed numbers, and allowances without reason or use."""
    found = []
    used: set[Allowance] = set()
    for located in texts:
        text = located.text
        for start, stop in numerals(text):
            covering = (
                allowance
                for allowance in allowances
                if any(_within((start, stop), span) for span in allowance.spans(located))
            )
            if allowance := next(covering, None):
                used.add(allowance)
                continue
            line = text.line + text.shown.count("\n", 0, start)
            cell = "" if located.cell is None else f"cell {located.cell}, "
            token, context = text.shown[start:stop], sentence(text.shown, start)
            found.append(f"{located.file}, {cell}line {line}: “{token}” in “{context}”: {REMEDY}")
    for allowance in allowances:
        name = f"tests/prose/allowed.csv: the allowance “{allowance.pattern}” ({allowance.where})"
        if not allowance.reason.strip():
            found.append(f"{name} has no reason: say why it is no finding")
        if allowance.kind not in ("phrase", "regex"):
            found.append(f"{name} is of kind “{allowance.kind}”: write phrase or regex")
        if allowance not in used or allowances.count(allowance) > 1:
            found.append(f"{name} allows nothing that another does not: delete it")
    return found


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
