"""Responsibility network 责任网: who answers for which place and matter, level by level."""
