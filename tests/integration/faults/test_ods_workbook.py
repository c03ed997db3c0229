"""ODS: hidden sheets and rows, formulas without a value, macros and passwords, as in XLSX."""

from zipfile import ZipFile

import pytest

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import quarantined, references, stopped
from tests.unit.ingest.drop import Drop

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"


def cells(*texts: str) -> str:
    start, end = '<table:table-cell office:value-type="string"><text:p>', "</text:p></table:table-cell>"
    return "".join(f"{start}{text}{end}" for text in texts)


def put(drop: Drop, *rows: str, **parts: str) -> bytes:
    table = f'<table:table table:name="Data"><table:table-column/>{"".join(rows)}</table:table>'
    content = (
        f"<office:document-content {NAMES}><office:body><office:spreadsheet>{table}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/></manifest:manifest>'
    )
    with ZipFile(drop.root / "made.ods", "w") as made:
        made.writestr("mimetype", KIND)
        for name, part in ({"content.xml": content, "META-INF/manifest.xml": manifest} | parts).items():
            made.writestr(name, part)
    return (drop.root / "made.ods").read_bytes()


def row(*texts: str, how: str = "") -> str:
    return f"<table:table-row{how}>{cells(*texts)}</table:table-row>"


def test_ods_is_read_with_what_it_hides(drop: Drop) -> None:
    uncalculated = '<table:table-cell table:formula="of:=1"/>'
    rows = (
        row(*HEADER),
        row(*ROW),
        row("b", *ROW[1:], how=' table:visibility="collapse"'),
        f"<table:table-row>{cells('c', '2024-01')}{uncalculated}{cells('D1')}</table:table-row>",
    )
    drop.put("crimes.ods", put(drop, *rows))
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (3, 2, 1)
    assert accounting.notes == (
        "sheet Data: 1 row is hidden and was read like the others, the first is row 3",
    )
    assert references(drop) == ["a", "b"]
    assert quarantined(drop) == [
        "4: Category: cell C4 holds a formula that was never calculated; open the workbook, let it "
        "calculate, save it and send it again"
    ]


def test_ods_that_repeats_its_cells_without_end(drop: Drop) -> None:
    many = row("x", how=' table:number-rows-repeated="1000000"').replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="16000" '
    )
    assert stopped(drop, "crimes.ods", put(drop, row(*HEADER), many)) == (
        "crimes.ods: sheet Data repeats its cells 16,000,016,000 times; a sheet of at most 20,000,000 cells "
        "is read. Ask for it as a CSV file."
    )


@pytest.mark.parametrize(
    ("name", "part", "sentence"),
    [
        ("Basic/Standard/Module1.xml", "<x/>", "it holds a macro; save it as .xlsx, without macros"),
        (
            "META-INF/manifest.xml",
            "<manifest:encryption-data/>",
            "the workbook has a password; save it without one, or ask for it so",
        ),
    ],
)
def test_ods_that_is_not_opened(drop: Drop, name: str, part: str, sentence: str) -> None:
    content = put(drop, row(*HEADER), row(*ROW), **{name: part})
    assert stopped(drop, "crimes.ods", content) == f"crimes.ods: {sentence}"
