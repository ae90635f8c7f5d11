"""Leaders' pages: map, counts and drill-down."""
