"""Plans of checks, what is due, training material, and the firm's own part of them."""
