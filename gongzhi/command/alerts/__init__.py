"""Pile alerts 堆积预警: places and kinds of matter with more in a week than is usual there.

Of places and matters, never of persons; and of numbers, never of causes (docs/adr/0028).
"""
