"""Tests of the responsibility network."""
