"""Template tags of the house."""

"""Template tags of the house."""
