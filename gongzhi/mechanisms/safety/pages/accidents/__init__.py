"""Pages of accidents, of the three declines and of the monthly report."""
