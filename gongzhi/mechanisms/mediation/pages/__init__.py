"""Pages that the generic case page cannot show: the network, its calendar, its figures."""
