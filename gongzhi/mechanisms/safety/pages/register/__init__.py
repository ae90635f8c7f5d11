"""Firms and sites: the register, its codes, and the pages of firms themselves."""
