"""Firms and sites, the catalogue, plans and inspections, audits, accidents."""
