"""Notices to residents: written once, read and confirmed."""
