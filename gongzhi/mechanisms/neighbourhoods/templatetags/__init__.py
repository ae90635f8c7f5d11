"""Parts of pages that other rooms put on theirs."""
