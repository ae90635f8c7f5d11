"""Pages of notices: for those who write them, for those who knock at doors, and for residents."""
