"""The five levels 五级: divisions, boundaries, and scope by code prefix."""
