"""Very many random lives of cases, without a database: only what effects and transitions decide."""
