"""What recare decides: pure functions over plain data, without clock, database, messenger or framework."""
