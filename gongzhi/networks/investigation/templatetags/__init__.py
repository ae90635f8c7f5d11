"""Template tags of the investigation network."""
