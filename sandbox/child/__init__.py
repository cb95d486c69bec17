"""Runs in the candidate's process, beside code that nobody has read; knows no judge, no reference and no verdict."""
