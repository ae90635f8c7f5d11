"""Weekly and monthly reports 周报、月报 of a place over all mechanisms, from counters alone.

Frozen once made; they say what changed and where, never why.
"""
