"""Parts of pages that other rooms put on theirs."""

"""Template tags of the neighbourhood."""
