"""What the report costs: charts, pages, and everything from the files to the page but the PDF."""

from itertools import cycle, islice
from pathlib import Path

from benchmarks.measuring import Line, best, ratios, rounds, seconds
from benchmarks.steps import bare_load
from benchmarks.workspaces import CONFIG, fresh_workspace, run_ingest

CHARTS = 100


def measure_report(files: Path, times: int) -> list[Line]:
    """The way from the files to page and tables against the bare load of the same files; charts; pages."""
    from pypdf import PdfReader

    from pipeline.definitions.load import load
    from pipeline.editions.build import evaluate
    from pipeline.editions.identity import identify
    from pipeline.report import Evidence, charts, compose, vega
    from pipeline.report.document import Document, exhibits
    from pipeline.report.html import render
    from pipeline.report.pdf import missing_libraries, write_pdf
    from pipeline.report.tables import write_comparisons, write_results
    from pipeline.report.templating import packaged_templates

    definitions = load(CONFIG)
    made: list[Document] = []

    def all_but_the_pdf() -> None:
        with fresh_workspace() as workspace:
            deliveries = run_ingest(workspace, definitions, files)
            edition, _ = identify(workspace, definitions, deliveries, None, None, quarterly=False)
            found = evaluate(workspace, definitions, deliveries, edition.as_at, lambda _: None)
            document = compose(Evidence(definitions, found.results, found.assessment, deliveries, edition))
            render(document, workspace.templates)
            write_results(found.results, workspace.root / "results.csv")
            write_comparisons(found.assessment, workspace.root / "comparisons.csv")
            made.append(document)

    taken = rounds(times, all_but_the_pdf, lambda: bare_load(files))
    document = made[0]
    with fresh_workspace() as workspace:
        specifications = [charts.specification(e.chart, e.wide) for e in exhibits(document)]
        fonts = packaged_templates() / "fonts"
        drawn = seconds(lambda: [vega.svg(s, fonts) for s in islice(cycle(specifications), CHARTS)])
        lines = [
            *ratios("files to HTML and CSV / bare load", taken, 2),
            Line(f"{CHARTS} charts", drawn, "s", 5, note=f"{CHARTS / drawn:.0f} charts a second"),
        ]
        if missing := missing_libraries():
            return [*lines, Line("PDF", None, note=missing)]
        path = workspace.root / "assessment.pdf"
        (setting,) = best(2, lambda: write_pdf(document, path, workspace.templates))
        pages = len(PdfReader(path).pages)
        return [
            *lines,
            Line("PDF, a page", setting / pages, "s", 0.3, note=f"{setting:.2f} s, {pages} pages"),
        ]
