"""Notices that are delivered: whoever is given something to do is told by mail, hook or robot."""
