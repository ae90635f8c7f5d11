"""Registration of residents, for a purpose and a time."""
