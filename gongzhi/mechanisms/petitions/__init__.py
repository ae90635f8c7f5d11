"""Petitions 信访."""
