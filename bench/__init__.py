"""Measurements of this program itself, each run by one command and printing a ratio; nothing here is installed."""
