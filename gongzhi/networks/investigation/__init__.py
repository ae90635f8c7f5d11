"""Investigation network 排查网: rounds handed down to the last village, and who is silent."""
