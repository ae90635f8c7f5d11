"""The network of doorstep resolution 关口前移: who serves whom where, and when."""
