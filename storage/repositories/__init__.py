"""What is asked of the tables: one file a noun, all statements scoped to one clinic, plain data across the border."""
