"""Definitions compiled to SQL: pure functions from a definition to one query with bound values."""

from pipeline.query.compile import compile_indicator
from pipeline.query.compiled import CompiledQuery
from pipeline.query.measures import (
    PLACE_COLUMNS,
    PLACED_BY,
    QUANTITY,
    columns_needed,
    counting,
    cut_columns,
    denominator_columns,
    over_columns_needed,
)
from pipeline.query.request import Level, Place, Request, Side, Span, Table
from pipeline.query.sources import (
    compile_actions,
    compile_bases,
    compile_returns,
    compile_sums,
    compile_waterfall,
    compile_waves,
)

__all__ = [
    "PLACED_BY",
    "PLACE_COLUMNS",
    "QUANTITY",
    "CompiledQuery",
    "Level",
    "Place",
    "Request",
    "Side",
    "Span",
    "Table",
    "columns_needed",
    "compile_actions",
    "compile_bases",
    "compile_indicator",
    "compile_returns",
    "compile_sums",
    "compile_waterfall",
    "compile_waves",
    "counting",
    "cut_columns",
    "denominator_columns",
    "over_columns_needed",
]
