"""Tests of the investigation network."""
