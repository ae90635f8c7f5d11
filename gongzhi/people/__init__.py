"""Organisations, posts and who may do what where."""
