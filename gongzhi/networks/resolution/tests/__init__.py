"""Tests of the resolution network."""
