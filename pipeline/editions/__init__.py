"""Editions: built whole beside the published ones, then published by one rename."""
