"""What neighbours see of each other's requests."""
