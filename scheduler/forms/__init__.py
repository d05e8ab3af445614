"""Forms, one file per area; they check what can be checked without the database."""
