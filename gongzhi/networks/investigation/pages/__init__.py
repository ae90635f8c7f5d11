"""Pages of the investigation network: they show, and call the rooms beside them."""
