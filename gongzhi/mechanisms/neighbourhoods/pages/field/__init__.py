"""A building chief's phone without a signal 上门: what it takes along, and what is done at doors.

No names and no phones lie on it but those that were written down there and wait to be sent.
"""
