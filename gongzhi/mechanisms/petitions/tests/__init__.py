"""Stories of petitions, one for each article."""
