"""The house's look: tokens, components, template tags and the shell of every page."""
