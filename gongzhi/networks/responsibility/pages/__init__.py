"""Pages of the responsibility network."""
