"""The public's pages: report, track, rate."""
