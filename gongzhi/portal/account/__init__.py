"""The public account 公开账: what was reported, settled and late, by place and month."""
