"""The mechanisms, one package each, all of one shape."""
