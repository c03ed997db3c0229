"""Definitions compiled to SQL: pure functions from a definition to one query with bound values."""
