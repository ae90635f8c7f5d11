"""Staff pages: worklists and the one case page."""
