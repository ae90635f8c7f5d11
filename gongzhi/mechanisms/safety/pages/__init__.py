"""Pages of work safety beside the case page."""
