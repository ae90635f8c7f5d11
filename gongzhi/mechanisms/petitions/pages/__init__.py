"""Pages of petitions beside the ones that every mechanism has."""
