"""What each cell may be, how it is read, and what is said when it cannot be."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from scoreboard.errors import Refused


def quotes(take, column, *values, **wishes):
    """A file of quotes with `column` holding `values`, one a row."""
    quoted = [f'"{value}"' for value in values]
    rows = "".join(f"EAST,{n},2025-12-31,{value}\n" for n, value in enumerate(quoted))
    return take(f"branch,quote_no,requested_at,{column}\n{rows}", **wishes)


@pytest.mark.parametrize(("text", "moment"), [
    ("2026-11-03", datetime(2026, 11, 3)), ("2026-11-03 07:30", datetime(2026, 11, 3, 7, 30)),
    ("2026-11-03T07:30:15", datetime(2026, 11, 3, 7, 30, 15)), (" 2026-11-03 ", datetime(2026, 11, 3)),
    ("2026-11-03 07:30:15.250", datetime(2026, 11, 3, 7, 30, 15, 250_000)), ("20261103", datetime(2026, 11, 3)),
    ("3.11.2026", datetime(2026, 11, 3)), ("03.11.26 7:30", datetime(2026, 11, 3, 7, 30)), ("3-Nov-26", datetime(2026, 11, 3)),
    ("Nov 3, 2026", datetime(2026, 11, 3)), ("2026/11/03", datetime(2026, 11, 3)),
    # East is five hours behind UTC in November, four in July.
    ("2026-11-03T07:30:00Z", datetime(2026, 11, 3, 2, 30)), ("2026-07-03T07:30:00Z", datetime(2026, 7, 3, 3, 30)),
    ("2026-11-03 07:30+02:00", datetime(2026, 11, 3, 0, 30)), ("2026-11-03T07:30+02", datetime(2026, 11, 3, 0, 30)),
])
def test_a_date_that_can_only_mean_one_thing_is_read(take, text, moment):
    assert quotes(take, "responded_at", text).column("responded_at") == [moment]


@pytest.mark.parametrize("text", ["", " ", "N/A", "n/a", "NULL", "-", "Not captured", "1900-01-01", "1970-01-01",
                                  "9999-12-31", "01.01.1970", "1970-01-01 00:00:00", "0000-00-00"])
def test_a_placeholder_is_a_missing_date_and_no_problem(take, text):
    taken = quotes(take, "responded_at", text)
    assert taken.column("responded_at") == [None] and taken.codes == []


@pytest.mark.parametrize(("column", "text", "code"), [
    ("responded_at", "soon", "bad_date"), ("responded_at", "2026-02-30", "bad_date"), ("responded_at", "35250", "bad_date"),
    ("responded_at", "infinity", "bad_date"), ("responded_at", "2026-11-03 25:00", "bad_date"),
    ("responded_at", "1989-12-31", "date_out_of_range"), ("responded_at", "2026-11-11", "date_out_of_range"),
    ("needed_by", "2030-01-01", "date_out_of_range"), ("value", "12 pcs", "bad_number"), ("value", "95%", "bad_number"),
    ("value", "inf", "bad_number"), ("value", "nan", "bad_number"), ("value", "1,23,456", "bad_number"),
    ("lines", "-1", "negative_quantity"), ("lines", "(3)", "negative_quantity"), ("outcome", "maybe", "bad_choice"),
    ("eta_given", "perhaps", "bad_yes_no"), ("order_no", "1.02E+15", "mangled_identifier"),
    ("order_no", "1,02e+12", "mangled_identifier"),
])
def test_a_cell_that_cannot_be_read_rejects_its_row_as_it_stands(take, column, text, code):
    taken = quotes(take, column, text)
    assert taken.rows == [] and taken.codes == [(2, column, code)]
    problem = taken.checked.problems[0]
    assert problem.value == text and text in problem.message


def test_an_event_may_be_a_day_ahead_and_another_date_three_years(take):
    assert quotes(take, "responded_at", "2026-11-10 11:00").codes == []
    assert quotes(take, "needed_by", "2029-11-01").codes == []


def test_slashed_dates_are_read_the_way_the_whole_column_shows(take):
    month_first = quotes(take, "responded_at", "11/03/2026", "10/14/2026 7:05 PM", "1/2/26")
    assert month_first.column("responded_at") == [datetime(2026, 11, 3), datetime(2026, 10, 14, 19, 5), datetime(2026, 1, 2)]
    day_first = quotes(take, "responded_at", "03/11/2026", "14/10/2026", "1-2-2026")
    assert day_first.column("responded_at") == [datetime(2026, 11, 3), datetime(2026, 10, 14), datetime(2026, 2, 1)]
    assert day_first.checked.problem_counts == {"date_order_inferred": 1}


def test_the_one_day_over_12_may_come_after_thousands_of_rows(take):
    taken = quotes(take, "responded_at", *["03/04/2026"] * 6000, "14/04/2026")
    assert set(taken.column("responded_at")) == {datetime(2026, 4, 3), datetime(2026, 4, 14)}


def test_slashed_dates_that_show_nothing_must_be_declared(take):
    with pytest.raises(Refused, match=r'"responded_at" could be month/day or day/month.*\[dates\] responded_at'):
        quotes(take, "responded_at", "03/04/2026", "05/06/2026")
    declared = 'source = "quotes"\n[dates]\nresponded_at = "%d/%m/%Y"\n'
    taken = quotes(take, "responded_at", "03/04/2026", "05/06/2026 08:15", "2026-06-07", map=declared)
    assert taken.column("responded_at") == [datetime(2026, 4, 3), datetime(2026, 6, 5, 8, 15), datetime(2026, 6, 7)]


def test_among_other_forms_only_the_unsure_slashed_dates_are_rejected(take):
    taken = quotes(take, "responded_at", "2026-11-03", "03/04/2026", "05/05/2026")
    assert taken.codes == [(3, "responded_at", "ambiguous_date")]
    assert taken.column("responded_at") == [datetime(2026, 11, 3), datetime(2026, 5, 5)]


def test_a_single_odd_date_does_not_turn_the_column(take):
    taken = quotes(take, "responded_at", *["10/14/2026"] * 40, "14/10/2026")
    assert taken.codes[-1] == (42, "responded_at", "bad_date") and len(taken.rows) == 40


def test_where_both_orders_are_common_only_sure_dates_are_taken(take):
    taken = quotes(take, "responded_at", "10/14/2026", "14/10/2026", "03/04/2026")
    assert [code for *_, code in taken.codes] == ["ambiguous_date"]
    assert taken.column("responded_at") == [datetime(2026, 10, 14)] * 2


@pytest.mark.parametrize(("texts", "numbers"), [
    (["1,234.50", "1,234", "7"], [1234.5, 1234, 7]), (["1.234,50", "1.234", "7"], [1234.5, 1234, 7]),
    (["12,5", "3"], [12.5, 3]), (["$1,234.50", "-$5.00", "5 €"], [1234.5, -5, 5]), (["(12.50)", "12.50-"], [-12.5, -12.5]),
    (["3.000", "2.500"], [3, 2.5]), (["1 234.5", "1\u202f234.5", "1'234.5"], [1234.5] * 3), ([".5", "1e3", "+4"], [0.5, 1000, 4]),
    (["1.234.567", "1.000"], [1234567, 1000]),
])
def test_the_decimal_mark_is_a_property_of_the_column(take, texts, numbers):
    assert quotes(take, "value", *texts).column("value") == numbers


def test_a_number_is_never_read_in_part(take):
    assert quotes(take, "value", "1,234.50", "12,5").codes == [(3, "value", "bad_number")]
    assert quotes(take, "value", "1,234", "5").codes == [(2, "value", "bad_number")]


def test_a_column_that_shows_no_mark_follows_the_other_columns(take):
    taken = take('branch;quote_no;requested_at;lines;value\nEAST;1;2026-11-02;1.000;2,5\nEAST;2;2026-11-02;2.500;17,25\n')
    assert taken.column("lines") == [1000, 2500] and taken.column("value") == [2.5, 17.25]


def test_a_comma_late_in_the_file_decides_for_all_rows(take):
    taken = take("branch;quote_no;requested_at;lines;value\n" + "EAST;a;2026-11-02;1;5\n".replace("a", "0")
                 + "".join(f"EAST;{n};2026-11-02;2.000;5\n" for n in range(1, 6000)) + "EAST;z;2026-11-02;2;1,25\n")
    assert set(taken.column("lines")) == {1, 2000, 2} and taken.codes == []


def test_a_thousand_late_in_the_file_is_not_taken_for_granted(take):
    taken = quotes(take, "value", *["5"] * 6000, "1,250")
    assert taken.codes == [(6002, "value", "bad_number")]
    assert quotes(take, "value", *["5.25"] * 6000, "1,250").column("value")[-1] == 1250


def test_choices_and_yes_and_no_are_taken_in_any_case(take):
    assert quotes(take, "outcome", "WON", " No Quote ", "").column("outcome") == ["won", "no quote", None]
    assert quotes(take, "eta_given", "Yes", "x", "1", "TRUE", "n", "0", "").column("eta_given") == [True] * 4 + [False] * 2 + [None]


def test_a_map_turns_their_words_into_ours(take):
    told = 'source = "quotes"\n[values.outcome]\n"Gewonnen" = "won"\n[values.branch]\n"Eastern" = "EAST"\n'
    taken = take("branch,quote_no,requested_at,outcome\nEastern,1,2026-11-02,GEWONNEN\n", map=told)
    assert taken.rows[0]["branch"] == "EAST" and taken.rows[0]["outcome"] == "won"


def test_a_branch_is_known_without_its_blanks_and_case_but_not_without_its_letters(take):
    text = "branch,response_no,at,score\n" + "".join(
        f"{code},{n},2026-11-02,9\n" for n, code in enumerate(["EAST", "east", " EAST ", "WEST\u00a0", "E AST", "\u0415AST", "7"]))
    taken = take(text)
    assert taken.column("branch") == ["EAST", "EAST", "EAST", "WEST"]
    near, alike, unknown = (p.message for p in taken.checked.problems)
    assert 'Did you mean "EAST"' in near and "cyrillic capital letter ie" in alike and "Did you mean" not in unknown


def test_a_week_is_a_date_or_an_iso_label(take):
    text = "branch,week,scheduled_hours,covered_hours\nEAST,2026-W45,40,38\nEAST,2026-10-26,40,38\nEAST,2026W43,40,38\nEAST,2026-W54,1,1\n"
    taken = take(text)
    assert taken.column("week") == [date(2026, 11, 2), date(2026, 10, 26), date(2026, 10, 19)]
    assert taken.codes == [(5, "week", "bad_date")]


def test_a_score_lies_between_0_and_10(take):
    taken = take("branch,response_no,at,score\nEAST,1,2026-11-02,0\nEAST,2,2026-11-02,10\nEAST,3,2026-11-02,11\nEAST,4,2026-11-02,-1\n")
    assert taken.column("score") == [0, 10] and [code for *_, code in taken.codes] == ["out_of_range"] * 2


def test_identifiers_keep_their_zeros_and_lose_their_blanks(take):
    taken = quotes(take, "order_no", "00123", " SO1\u00a0", "12E5", "A+B")
    assert taken.column("order_no") == ["00123", "SO1", "12E5", "A+B"]


def test_every_problem_of_a_row_is_told(take):
    taken = take("branch,order_no,line_no,ordered_at,qty_ordered\nXX,,1,never,lots\n")
    assert taken.codes == [(2, "branch", "unknown_branch"), (2, "order_no", "missing_value"), (2, "ordered_at", "bad_date"),
                           (2, "qty_ordered", "bad_number")]
    assert taken.checked.rejected == 1
