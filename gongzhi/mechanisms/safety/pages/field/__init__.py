"""A phone without a signal at a site 现场检查: what it takes along, and what it sends back."""
