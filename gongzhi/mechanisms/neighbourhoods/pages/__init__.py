"""Pages of the neighbourhood: for chiefs and their communities, and for residents."""
