"""Which column is which, which source a file is, and what is said of a map that is wrong."""

from __future__ import annotations

import pytest

from scoreboard.errors import Refused
from scoreboard.facts.sources import SOURCES
from scoreboard.imports.maps import SYNONYMS

LINES = "branch,order_no,line_no,ordered_at,qty_ordered\nEAST,1,1,2026-11-02,3\n"


def test_headers_are_ours_however_they_are_spelled(take):
    taken = take("Branch;Order No.;LINE-NO;ordered at;QtyOrdered;Notes\nEAST;1;1;2026-11-02;3;hello\n")
    assert taken.checked.columns == ("branch", "order_no", "line_no", "ordered_at", "qty_ordered")
    assert taken.checked.ignored == ("Notes",)


def test_every_synonym_names_a_column_and_no_column_of_another_name():
    columns = {column for source in SOURCES for column in source.columns}
    assert {column for column, _ in SYNONYMS} <= columns
    assert not {name.replace(" ", "_") for _, names in SYNONYMS for name in names} & columns


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name != "weekly_totals"], ids=lambda s: s.name)
def test_a_file_with_all_columns_of_a_source_is_that_source(take, source):
    assert take(",".join(source.columns) + "\n").checked.source is source


def test_our_own_name_wins_over_a_synonym(take):
    taken = take("branch,order_no,order number,line_no,ordered_at,qty_ordered\nEAST,1,X,1,2026-11-02,3\n")
    assert taken.column("order_no") == ["1"] and taken.checked.ignored == ("order number",)


def test_two_headers_for_one_column_are_refused(take):
    with pytest.raises(Refused, match='"order number" and "sales order" would both be "order_no"'):
        take("branch,order number,sales order,line_no,ordered_at,qty_ordered\nEAST,1,X,1,2026-11-02,3\n")


def test_a_header_that_occurs_twice_is_refused_with_both_positions(take):
    with pytest.raises(Refused, match='"qty_ordered" occurs twice, in columns 5 and 6'):
        take("branch,order_no,line_no,ordered_at,qty_ordered,qty_ordered\nEAST,1,1,2026-11-02,3,4\n")


def test_a_file_of_no_known_kind_is_refused_with_what_the_nearest_needs(take):
    with pytest.raises(Refused, match=r"Nearest is order_lines, but it has no column for .*qty_ordered"):
        take("branch,order_no,line_no,ordered_at,carrier\nEAST,1,1,2026-11-02,UPS\n")


def test_a_file_is_never_taken_for_a_source_it_lacks_the_columns_of(take):
    with pytest.raises(Refused, match=r"no column for branch .*order_no and line_no .or, without a key, ordered_at and qty_ordered"):
        take("EmployeeID,LastName,BirthDate,HomePhone\n1,Doe,1950-01-01,555-0100\n", source="order_lines")


def test_a_branch_may_come_from_the_command_or_the_map_but_not_from_two_places(take):
    text = "response_no,at,score\n1,2026-11-02,9\n"
    assert take(text, branch="WEST").column("branch") == ["WEST"]
    assert take(text, map='[constants]\nbranch = "EAST"\n').column("branch") == ["EAST"]
    assert take(text, map='[constants]\nbranch = "EAST"\n', branch="WEST").column("branch") == ["WEST"]
    with pytest.raises(Refused, match='has "branch" in its column'):
        take(LINES, branch="EAST")
    with pytest.raises(Refused, match=r"branch .or --branch CODE"):
        take(text)


def test_any_column_may_be_a_constant(take):
    taken = take("branch,rma_no,rma_line,received_at\nEAST,1,1,2026-11-02\n", map='source = "returns"\n[constants]\nkind = "core"\n')
    assert taken.column("kind") == ["core"] and "kind" in taken.checked.columns


def test_a_map_names_their_headers_and_beats_our_names(take):
    told = 'source = "order_lines"\n[columns]\n"Unit Price" = "value"\n"When" = "ordered_at"\n'
    taken = take("branch,order_no,line_no,When,qty_ordered,value,Unit Price\nEAST,1,1,2026-11-02,3,9,7.5\n", map=told)
    assert taken.column("value") == [7.5] and taken.checked.ignored == ("value",)


def test_a_file_without_headers_is_mapped_by_position(take):
    told = ('source = "order_lines"\nheaders = false\ndelimiter = "tab"\n[columns]\n1 = "order_no"\n2 = "line_no"\n3 = "ordered_at"\n'
            '5 = "qty_ordered"\n[constants]\nbranch = "EAST"\n')
    taken = take("7\t1\t2026-11-02 00:00:00.000\tx\t3\n7\t2\tsoon\tx\t4\n", map=told)
    assert taken.column("line_no") == ["1"] and taken.column("qty_ordered") == [3]
    assert taken.codes == [(2, "3", "bad_date")] and taken.checked.ignored == ("4",)


@pytest.mark.parametrize(("told", "said"), [
    ('sourc = "order_lines"', 'Did you mean "source"'), ('source = "order_line"', 'Did you mean "order_lines"'),
    ('source = 7', "written in the wrong way"), ("source = [", "is not TOML"),
    ('[columns]\n"line_no" = "line_number"', 'Did you mean "line_no"'),
    ('source = "order_lines"\n[columns]\n"line_no" = "score"', "which order_lines does not have"),
    ('[columns]\n"Qty" = "qty_ordered"', 'names "Qty", which the file does not have'),
    ('[columns]\n"line_no" = "order_no"\n"order_no" = "order_no"', "would both be"),
    ('[columns]\nline_no = 3', "must give a text"), ('[dates]\nordered_at = "day first"', "not a date format"),
    ('[dates]\nordered_at = "%m/%Y"', "not a date format"), ('[dates]\nqty_ordered = "%d.%m.%Y"', "not a date."),
    ('[dates]\nshipped_at = "%d.%m.%Y"', "has no column for it"), ('[values.part_class]\n"Z" = "D"', "It takes: critical"),
    ('[values]\npart_class = "A"', "needs a table per column"), ('delimiter = "tabs"', 'Did you mean "tab"'),
    ('[columns]\n"Home Phone" = "customer"', "personal data"), ('headers = false\n[columns]\norder_no = "order_no"', "Write its position"),
    ('source = "quotes"', "no column for"), ('[columns]\n"Qty" = "amount"', r'The map map.toml \(\[columns\] "Qty"\) names "amount"'),
    ('[constants]\namount = "3"', r'The map map.toml \(\[constants\] "amount"\) names'),
    ('[values.branc]\nE = "EAST"', r'The map map.toml \(\[values.branc\]\) names "branc", .*Did you mean "branch"'),
    ('[dates]\nordered_at = "%m"', r'The map map.toml \(\[dates\] "ordered_at"\) has "%m"'),
    ('[values.part_class]\n"Z" = "D"', r'The map map.toml \(\[values.part_class\] "Z"\) gives'),
    ('decimal = ";"', "The map map.toml has the decimal mark"), ('source = "quote"', 'The map map.toml has source = "quote".*"quotes"'),
    ("[columns]\nQty = 'x'\nQty = 'y'\n", r"The map map.toml is not TOML: .*line 3"),
])
def test_every_mistake_in_a_map_is_refused_with_what_to_do(take, told, said):
    with pytest.raises(Refused, match=said):
        take(LINES, map=told)


def test_a_branch_a_map_gives_to_the_whole_file_is_refused_with_the_map(take):
    with pytest.raises(Refused, match=r'The map map.toml \(\[constants\] "branch"\): "EASY" is not a branch'):
        take(LINES.replace("branch,", "").replace("EAST,", ""), map='[constants]\nbranch = "EASY"')


def test_a_word_a_map_turns_into_no_branch_is_named_with_what_became_of_it(take):
    taken = take(LINES.replace("EAST", "East Side"), map='[values.branch]\n"east side" = "EAS"\n')
    (problem,) = taken.checked.problems
    assert (problem.code, problem.value) == ("unknown_branch", "East Side")
    assert problem.message.startswith('The map turns "East Side" into "EAS". "EAS" is not a branch. Did you mean "EAST"?')


def test_a_map_for_another_source_than_asked_for_is_refused(take):
    with pytest.raises(Refused, match=r'The map map.toml is for "quotes"'):
        take(LINES, map='source = "quotes"', source="order_lines")


def test_personal_columns_are_kept_nowhere(take, tmp_path):
    taken = take("branch,response_no,at,score,HomePhone,Birth Date\nEAST,1,2026-11-02,9,CANARY1,CANARY2\n"
                 "XX,2,2026-11-02,99,CANARY3,CANARY4\n")
    assert taken.checked.ignored == ("HomePhone (left out: personal)", "Birth Date (left out: personal)")
    assert len(taken.rows) == 1 and taken.checked.rejected == 1
    from python_calamine import CalamineWorkbook

    cells = CalamineWorkbook.from_path(str(taken.checked.problems_path)).get_sheet_by_index(0).to_python()
    assert cells[0] == ["branch", "response_no", "at", "score", "Row", "Problem"]
    assert "CANARY" not in str(cells) + str(taken.checked.problems)
    assert b"CANARY" not in taken.checked.rows.read_bytes()
