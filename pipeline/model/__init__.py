"""Frozen values that the stages hand each other."""
