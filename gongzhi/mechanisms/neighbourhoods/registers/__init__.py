"""What there is and who answers for it: buildings, households, notices, campaigns, emergencies."""
