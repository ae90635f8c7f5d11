"""The catalogue: browsed, compared, taken in from Excel."""
