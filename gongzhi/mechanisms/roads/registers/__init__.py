"""Rooms of the registers 台账: they read and write models, and show nothing."""
