"""From judgements to documents: words, charts, tables, HTML and PDF.

`compose` and `board_paper` are pure and make a `Document`; `html`, `pdf` and `tables` write files.
"""

from pipeline.report.compose import board_paper, compose, quality_page
from pipeline.report.evidence import Evidence

__all__ = ["Evidence", "board_paper", "compose", "quality_page"]
