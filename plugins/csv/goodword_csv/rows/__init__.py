"""Sheets to canonical tables: who a row is, what belongs to whom, what is worth saying."""
