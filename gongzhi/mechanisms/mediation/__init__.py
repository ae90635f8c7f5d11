"""Mediation 调解: a dispute is settled near home."""
