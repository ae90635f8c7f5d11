"""Emergency mode: everyone is reached."""
