"""From police, survey and partner extracts to a partnership's strategic assessment.

The folders are the argument: `definitions` says what is measured, `ingest` brings rows in, `query` and
`compute` turn rows into observations and comparisons, `disclosure` decides what may be shown, `assess`
decides what is true, `report` says it, and `editions` publishes it.
"""

__version__ = "0.1.0"
