"""Pages of the resolution network."""
