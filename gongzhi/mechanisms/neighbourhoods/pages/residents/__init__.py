"""Residents' registrations on pages: one's own, a building's masked, figures for all others."""
