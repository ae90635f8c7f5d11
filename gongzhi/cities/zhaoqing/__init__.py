"""Zhaoqing 肇庆, the city that showed the way."""
