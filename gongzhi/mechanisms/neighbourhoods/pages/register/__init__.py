"""The register of buildings and who answers for them."""
