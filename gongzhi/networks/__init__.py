"""The three networks 三张网 that all mechanisms share: to find, to resolve, to answer for."""
