"""No number about the subject is typed by hand: the book's prose, and the check that reads it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import nbformat
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from prose import EXTENSIONS, book_texts, markdown_texts, python_texts, text_parameters
from prose.numerals import Allowance, Located, Text, numerals, problems, read_allowances, sentence

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = ROOT / "tests" / "prose" / "allowed.csv"


def tokens(texts: Iterable[Text]) -> list[str]:
    return [text.shown[start:stop] for text in texts for start, stop in numerals(text)]


def in_line(line: str) -> list[str]:
    return tokens([Text(line, line)])


def in_markdown(source: str) -> list[str]:
    return tokens(markdown_texts(source))


def in_python(source: str) -> list[str]:
    return tokens(python_texts(source, text_parameters([source])))


# The book itself


def test_the_book_has_no_typed_number_and_no_idle_allowance():
    found = problems(book_texts(ROOT), read_allowances(ALLOWED))
    assert not found, "\n".join(["", *found])


def test_every_page_of_the_contents_list_is_read():
    listing = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    read = {located.file.rpartition(".")[0] for located in book_texts(ROOT)}
    assert toc_files(listing)
    assert toc_files(listing) <= read


def test_markdown_is_read_with_the_syntax_that_the_book_enables():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert set(settings["parse"]["myst_enable_extensions"]) == EXTENSIONS


def toc_files(entry: object) -> set[str]:
    if isinstance(entry, dict):
        own = {str(entry[key]) for key in ("root", "file") if key in entry}
        return own.union(*map(toc_files, entry.values()))
    return set().union(*map(toc_files, entry)) if isinstance(entry, list) else set()


# What a numeral is


@pytest.mark.parametrize(
    ("line", "token"),
    [
        ("It was 52 then.", "52"),
        ("It was 52.1% then.", "52.1%"),
        ("It was 52 % then.", "52 %"),
        ("Some 1,234 left.", "1,234"),
        ("It costs £650 each.", "£650"),
        ("It fell by −3 on average.", "3"),
        ("It took 1½ hours.", "½"),
        ("A ratio of 3/4 was met.", "3/4"),
        ("The 21st percentile.", "21"),
        ("Half of them left.", "Half"),
        ("Two thirds of them left.", "Two thirds"),
        ("Two-thirds of them left.", "Two-thirds"),
        ("A third of them left.", "A third"),
        ("One third left.", "One third"),
        ("It lost a fifth.", "a fifth"),
        ("Over three quarters stay.", "three quarters"),
        ("Only a quarter stay.", "a quarter"),
        ("One in ten recovers.", "One in ten"),
        ("About one out of every twenty-five.", "one out of every twenty-five"),
        ("Two in three leave.", "Two in three"),
        ("A dozen areas.", "A dozen"),
        ("In a couple of areas.", "a couple"),
        ("Dozens of areas.", "Dozens"),
        ("Two hundred and fifty areas.", "Two hundred and fifty"),
        ("Over a million people.", "a million"),
        ("It is twice as large.", "twice"),
        ("It doubled.", "doubled"),
        ("It rose threefold.", "threefold"),
        ("A one-in-ten chance.", "one-in-ten"),
        ("Under a thousandth of them.", "a thousandth"),
        ("One per cent left.", "One per cent"),
        ("It lasted one month.", "one month"),
        ("A one-year follow-up.", "one-year"),
        ("An effect size of one.", "one"),
        ("It includes zero.", "zero"),
        ("Some 2000 people left.", "2000"),
        ("It costs £1950 each.", "£1950"),
        ("With n = 2000 in all.", "2000"),
        ("It fell to 2018%.", "2018%"),
        ("Of 2014 out of the group.", "2014"),
        ("In 2018-19% is typed.", "19%"),
    ],
)
def test_a_number_in_any_form_is_found(line: str, token: str):
    assert token in in_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "It began in 2008.",
        "It began in January 2017, not on 3 March.",
        "It ran from 31 March 2018 to 2018-04-01.",
        "In the financial year 2018-19, and in 2019/20, and from 2013–2026.",
        "In Q3 2018-19 and the mid-2010s.",
        "One can read it, and one of them does; this one does not, and no one knows.",
        "One step at a time: at one point it changed.",
        "The second session comes before a third session, and the twenty-first last.",
        "A third party read it.",
        "Each quarter has its report, and the last quarter too.",
        "A double-blind trial, without double counting.",
        "Couple therapy, and a couple therapy trial.",
        "Most of them stay; few leave; both are counted once.",
        "On behalf of the often attentive, weighty phone network.",
        "The variance is R² and the limit p₁.",
        "The gap is small in percentage points.",
    ],
)
def test_dates_order_and_pronouns_are_not_findings(line: str):
    assert in_line(line) == []


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "{:,}", "£{}", "{}%", "~{}"]))
def test_any_integer_before_a_counted_noun_is_caught(number: int, form: str):
    written = form.format(number)
    assert any(
        str(abs(number))[:1] in token
        for token in in_line(f"About {written} people recovered that winter.")
    )


@given(st.integers(-(10**12), 10**12).filter(lambda number: not 1900 <= number <= 2099))
def test_any_integer_that_is_no_year_is_caught_wherever_it_stands(number: int):
    for page in [
        f"It was {number} that winter.",
        f"# The {number} finding",
        f"- item {number}",
        f"| a | b |\n|---|---|\n| word | {number} |",
        f":::{{admonition}} Of {number} words\nbody\n:::",
        f"```{{figure}} plot.svg\n:alt: Bars at {number}.\n```",
    ]:
        assert in_markdown(page), page


@given(st.integers(1900, 2099))
def test_every_year_passes_as_a_date(year: int):
    assert in_line(f"In {year}, as in March {year}, nothing changed.") == []


# Where a reader sees it: Markdown


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("Plain words, then **half** of them.", "half"),
        ("A **third** of them.", "A third"),
        ("# Half recover", "Half"),
        ("- words\n- a dozen words", "a dozen"),
        ("> Quoted: 50 of them.", "50"),
        ("| Year | Share |\n|---|---|\n| 2018 | 52% |", "52%"),
        ("| Half | Share |\n|---|---|\n| a | b |", "Half"),
        ("```{list-table} The series\n* - Year\n  - Share\n* - 2018\n  - 52\n```", "52"),
        ("```{list-table} Half the series\n* - Year\n```", "Half"),
        (":::{csv-table} Series\n:header: Year, 50\n\na, b\n:::", "50"),
        ("```{figure} plot.svg\n:alt: Half recover\n\nCaption.\n```", "Half"),
        ("```{figure} plot.svg\n---\nalt: Half recover\nwidth: 50%\n---\nCaption.\n```", "Half"),
        ("```{figure} plot.svg\n:width: 50%\n\nTwo in three recover.\n```", "Two in three"),
        ("```{chart} recovery.series\n:title: Half recover\n```", "Half"),
        (":::{admonition} One in ten {q}`recovery.share`\nBody.\n:::", "One in ten"),
        ("::::{grid}\n:::{note}\nA dozen.\n:::\n::::", "A dozen"),
        ("```{margin} Twice as many\n```", "Twice"),
        ("![Half recover](plot.svg)", "Half"),
        ('![](plot.svg "Half recover")', "Half"),
        ('![](plot.svg){alt="Half recover"}', "Half"),
        ("[half of them](https://example.org)", "half"),
        ("{ref}`half of them <section>`", "half"),
        ("{abbr}`RCI (half)`", "half"),
        ("<figure><img alt='Half recover'><figcaption>x</figcaption></figure>", "Half"),
        ("<p>A <b>third</b> recover</p>", "A third"),
        ("Of<br>ten areas.", "ten"),
        ("---\ntitle: Half recover\n---\n\nText.", "Half"),
        ("---\nmyst:\n  substitutions:\n    share: 52\n---\n\nText.", "52"),
        ("A rate of &frac12; here.", "½"),
        ("A rate of $52\\%$ here.", "$52"),
        ("Term 50\n: definition", "50"),
        ("Text.[^note]\n\n[^note]: A dozen.", "A dozen"),
        ("It is {q}`recovery.count` million.", "million"),
        ("Written {{ 50 }}, which the book does not replace.", "50"),
    ],
)
def test_typed_numbers_are_found_wherever_markdown_shows_them(source: str, token: str):
    assert token in in_markdown(source)


@pytest.mark.parametrize(
    "source",
    [
        "The rate is {q}`recovery.rate_2018_19` that year.",
        "One in {q}`recovery.one_in_10`, or {q}`recovery.rate`%.",
        "{cite:p}`clark2018,layard2006_50` and {ref}`section-50` and {ref}`here <figure-50>`.",
        "Run `half(50)`.",
        "```python\nhalf = 50\n```",
        "```{code-block} python\n:lineno-start: 50\nhalf = 50\n```",
        "```{code-cell} ipython3\nhalf = 50\n```",
        "    half = 50",
        "[text](https://example.org/50/half) <https://example.org/50> https://example.org/50",
        "[text][key]\n\n[key]: https://example.org/50",
        "The rule $x \\geq 10$, and\n\n$$\nx \\geq 10\n$$",
        "```{math}\n:label: rule50\nx = 10\n```",
        "<!-- half of 50 -->",
        "% half of 50",
        "(section-50)=\n# Words",
        "```{figure} images/50.png\n:name: figure-50\n:width: 50%\n:alt: Words.\n\nWords.\n```",
        "```{chart} recovery.rate_2018_50\n```",
        "<script>let half = 50;</script>",
        "---\njupytext:\n  format_version: 0.13\nkernelspec:\n  name: python3\n---\n\nText.",
        "Text.[^50]\n\n[^50]: Words.",
        "1. Words\n2. Words",
    ],
)
def test_names_code_addresses_and_formulas_are_not_read(source: str):
    assert in_markdown(source) == []


# Where a reader sees it: Python


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("Chart(title='Half recover')", "Half"),
        ("Chart(title=f'{share} of 650 recover')", "650"),
        ("Chart(title=f'{share} in ten recover')", "ten"),
        ("Chart(alt='Words ' 'and a dozen bars')", "a dozen"),
        ("Chart(alt='Words ' + 'and a dozen bars')", "a dozen"),
        ("Chart(alt=' '.join(['Words', 'twice']))", "twice"),
        ("Chart(alt='{} of 50'.format(x))", "50"),
        ("Chart(title='Half' if x else 'Most')", "Half"),
        ("Chart(title=f\"{'Half' if x else 'Most'} recover\")", "Half"),
        ("alt.X('rate:Q', title='Share of 50')", "50"),
        ("alt.X('rate:Q').title('Share of 50')", "50"),
        ("alt.Title('Words', subtitle=['Words', 'a third'])", "a third"),
        ("alt.value; Rule(text=alt.value('52%'))", "52%"),
        ("spec = {'title': {'text': 'Half recover'}}", "Half"),
        ("long_title = 'Half recover'", "Half"),
        ("ALT: str = 'Half recover'", "Half"),
        ("def chart(evidence, title='Half recover'): ...", "Half"),
        ("def chart(evidence, *, title='Half recover'): ...", "Half"),
        ("class Chart:\n    title: str\n    alt: str\nChart('Words', 'Half recover')", "Half"),
        ("def chart(evidence, title): ...\nchart(evidence, 'Half recover')", "Half"),
        ("pd.DataFrame({'Half': [x]})", "Half"),
        ("pd.DataFrame([{'Claim': 'Half recover'} for x in y])", "Half"),
        ("frame.rename(columns={'x': 'Half'})", "Half"),
        ("display(Markdown('Half recover'))", "Half"),
    ],
)
def test_typed_numbers_are_found_in_texts_of_python(source: str, token: str):
    assert token in in_python(source)


@pytest.mark.parametrize(
    "source",
    [
        "Chart(title=f'{rates.loc[\"share_50\"]:.1f} recover')",
        "Chart(title=f'{quantity(\"rate\", 50)} recover')",
        "Chart(source='clark2018', text='share_50:Q', width=50)",
        "half = 50  # half of 50",
        "'''Half of 50.'''",
        "frame.rename(columns={'half': 'Words'})",
        "%matplotlib inline\nx = 50",
    ],
)
def test_names_code_and_substitutions_of_python_are_not_read(source: str):
    assert in_python(source) == []


# The report and the allow-list

PHQ = Allowance("book/*", "phrase", "PHQ-9", "name of an instrument")


def located(line: str, file: str = "book/page.md") -> list[Located]:
    return [Located(file, text) for text in markdown_texts(line)]


def test_an_allowed_phrase_passes_and_only_that():
    assert problems(located("The PHQ-9 is a questionnaire."), [PHQ]) == []
    assert "“90”" in problems(located("The PHQ-9 and the PHQ-90."), [PHQ])[0]
    assert "“9”" in problems(located("The PHQ-9 and 9 items."), [PHQ])[0]


def test_an_allowed_phrase_may_break_over_lines():
    phrase = Allowance("*", "phrase", "two or more sessions", "definition of a finished course")
    assert problems(located("They had two or\nmore sessions."), [phrase]) == []


def test_an_allowance_speaks_for_its_files_only():
    assert "PHQ-9" in problems(located("The PHQ-9.", "analysis/charts.py"), [PHQ])[0]


def test_a_regular_expression_may_allow():
    either = Allowance("*", "regex", r"(PHQ|GAD)-\d", "names of instruments")
    assert problems(located("The PHQ-9 and the GAD-7."), [either]) == []


def test_an_allowance_used_by_nothing_fails():
    assert "delete it" in problems(located("Words."), [PHQ])[0]
    assert (
        "delete it"
        in problems(located("In 2018 it began."), [Allowance("*", "phrase", "2018", "year")])[0]
    )


def test_an_allowance_doubled_or_shadowed_fails():
    wider = Allowance("*", "phrase", "PHQ-9", "an instrument")
    assert len(problems(located("The PHQ-9."), [PHQ, wider])) == 1
    assert problems(located("The PHQ-9."), [PHQ, PHQ])


def test_an_allowance_without_reason_fails():
    bare = Allowance("*", "phrase", "PHQ-9", " ")
    assert "no reason" in problems(located("The PHQ-9."), [bare])[0]


def test_an_allowance_of_unknown_kind_fails():
    odd = Allowance("*", "glob", "PHQ-9", "an instrument")
    assert "phrase or regex" in problems(located("The PHQ-9."), [odd])[0]


@pytest.mark.parametrize("content", ["", "where,pattern\n", "where,kind,pattern,reason\na,b,c\n"])
def test_a_list_with_other_columns_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "allowed.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(ValueError, match="columns where, kind, pattern, reason"):
        read_allowances(path)


def test_a_sentence_is_quoted_alone():
    text = "First words. Then half\nof them. Last words."
    assert sentence(text, text.index("half")) == "Then half of them."


def test_a_book_is_read_whole_and_each_finding_says_where(tmp_path: Path):
    (tmp_path / "book").mkdir()
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "charts.py").write_text(
        "class Chart:\n    title: str\n\nx = Chart('A dozen')\n", "utf-8"
    )
    (tmp_path / "_toc.yml").write_text("root: book/index\nparts:\n- caption: Twice\n", "utf-8")
    (tmp_path / "book" / "index.md").write_text("# Words\n\nWords.\nThen half.\n", "utf-8")
    v4 = nbformat.v4
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("Words.\n\n:::{note}\n:class: tip\nBody.\n\nA third here.\n:::"),
            v4.new_code_cell("show(\n    title=f'{x} of 650')"),
            v4.new_code_cell("x", metadata={"mystnb": {"figure": {"caption": "Thrice"}}}),
            v4.new_code_cell("Chart('Two thirds')"),
        ]
    )
    nbformat.write(notebook, tmp_path / "book" / "recovery.ipynb")
    found = problems(book_texts(tmp_path), [])
    heads = [message.partition(" in “")[0] for message in found]
    assert heads == [
        "analysis/charts.py, line 4: “A dozen”",
        "_toc.yml, line 1: “Twice”",
        "book/index.md, line 4: “half”",
        "book/recovery.ipynb, cell 1, line 7: “A third”",
        "book/recovery.ipynb, cell 2, line 2: “650”",
        "book/recovery.ipynb, cell 3, line 1: “Thrice”",
        "book/recovery.ipynb, cell 4, line 1: “Two thirds”",
    ]
    assert "in “Then half.”" in found[2]
    assert all("allowed.csv" in message and "publish" in message for message in found)
