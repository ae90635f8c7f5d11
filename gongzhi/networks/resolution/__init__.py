"""Resolution network 化解网: joint meetings, rules of fallback, plans and where cases pile up."""
