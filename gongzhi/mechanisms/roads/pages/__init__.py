"""Pages of roads beside the ones that every mechanism has."""
