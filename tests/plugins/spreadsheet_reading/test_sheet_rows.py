"""Rows that are data, and rows that are not: titles, totals, groups, footers, wrong widths."""

from __future__ import annotations

from goodword_csv.layout.book import book_of
from goodword_csv.layout.grid import Grid


def grid_of(text: str) -> Grid:
    return book_of(text.encode(), where="list.csv").grids[0]


def reasons(grid: Grid) -> list[tuple[int, str]]:
    return [(skip.line, skip.reason) for skip in grid.skipped]


def test_twin_and_nameless_columns_get_names_of_their_own() -> None:
    grid = grid_of("Name,Email,,Email,Email\nNora,n@q.example,x,n2@q.example,n3@q.example\n")
    assert grid.header == ("Name", "Email", "Column C", "Email (2)", "Email (3)")


def test_empty_columns_at_the_end_of_the_header_are_dropped() -> None:
    grid = grid_of("Name,Email,,\nNora,n@q.example,,\nIda,i@b.example\n")
    assert grid.header == ("Name", "Email")
    assert len(grid.rows) == 2


def test_a_row_of_another_width_is_reported_and_not_read() -> None:
    grid = grid_of(
        "Name,Email,Phone,City\n"
        "Nora,n@q.example,+12025550143,Leeds\n"
        "Ida,i@b.example,Bonn\n"
        "Piet,p@l.example,+31205550100,Utrecht,NL\n"
        "Lena,l@f.example,,Oslo,,\n"
    )
    assert [row.line for row in grid.rows] == [2, 5]
    assert reasons(grid) == [
        (3, "3 cells where the header has 4"),
        (4, "5 cells where the header has 4"),
    ]


def test_totals_are_left_out_and_a_customer_called_total_is_not() -> None:
    grid = grid_of(
        "Customer,Email,Amount\n"
        "Total Plumbing Ltd,t@p.example,100.00\n"
        "Totally Tiles,,50.00\n"
        'Total,,"$150.00"\n'
        "Gesamt:,,150.00\n"
    )
    assert [row.line for row in grid.rows] == [2, 3]
    assert reasons(grid) == [(4, "total"), (5, "total")]


def test_blank_lines_are_reported_together() -> None:
    grid = grid_of("Name,Email\nNora,n@q.example\n\n,\n\nIda,i@b.example\n")
    assert [(skip.line, skip.reason, skip.lines) for skip in grid.skipped] == [(3, "blank", 3)]


def test_a_header_repeated_by_joined_exports_is_no_row() -> None:
    grid = grid_of("Name,Email\nNora,n@q.example\nName,Email\nIda,i@b.example\n")
    assert [row.line for row in grid.rows] == [2, 4]
    assert reasons(grid) == [(3, "the header again")]


def test_a_person_with_only_a_name_is_no_footer() -> None:
    grid = grid_of("Name,Email\nNora,n@q.example\nIda Brandt,\n")
    assert [row.line for row in grid.rows] == [2, 3]


def test_a_single_column_has_no_footer_by_width() -> None:
    grid = grid_of("Name\nNora Quill\nIda Brandt\n")
    assert len(grid.rows) == 2


def test_a_blank_first_header_without_groups_is_a_plain_column() -> None:
    grid = grid_of(",Email,Phone\nNora,n@q.example,1\nIda,i@b.example,2\n")
    assert not grid.grouped
    assert grid.header[0] == "Column A"


def test_every_line_of_the_file_is_accounted_for() -> None:
    text = "Report\n\nName,Email\nNora,n@q.example\n\nTotal,\nIda,i@b.example,x\n"
    grid = grid_of(text)
    lines = 1 + len(grid.rows) + sum(skip.lines for skip in grid.skipped)
    assert lines == len(text.splitlines())
