"""Campaigns: when which building comes, and how far it is."""
