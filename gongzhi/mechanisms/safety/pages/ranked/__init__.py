"""Pages of the order of urgency, of listing rules, and of what stands before the end."""
