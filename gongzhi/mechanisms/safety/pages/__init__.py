"""Pages of work safety, a room each."""
