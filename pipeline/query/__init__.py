"""Definitions compiled to SQL: pure functions from a definition to one query with bound values."""

from pipeline.query.compile import compile_indicator
from pipeline.query.compiled import CompiledQuery
from pipeline.query.measures import (
    OTHER,
    PLACE_COLUMNS,
    QUANTITY,
    columns_needed,
    cut_columns,
    denominator_columns,
)
from pipeline.query.request import Level, Place, Request, Span, Table
from pipeline.query.sources import (
    compile_bases,
    compile_returns,
    compile_sums,
    compile_waterfall,
    compile_waves,
)

__all__ = [
    "OTHER",
    "PLACE_COLUMNS",
    "QUANTITY",
    "CompiledQuery",
    "Level",
    "Place",
    "Request",
    "Span",
    "Table",
    "columns_needed",
    "compile_bases",
    "compile_indicator",
    "compile_returns",
    "compile_sums",
    "compile_waterfall",
    "compile_waves",
    "cut_columns",
    "denominator_columns",
]
