"""Pages of audits 安全审计: drawn, worked, reported, answered; and the honesty index."""
