"""A case and a template become a PDF."""
