"""Pages of work safety beside the case page."""

"""Pages of work safety, a room each."""
