"""Data of single cities; nothing imports it."""
