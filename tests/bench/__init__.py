"""Benchmarks, called by `make bench` and never by `make test`."""
