"""Pages of inspections: lists, one inspection, its record to print, its photos and voice notes."""
