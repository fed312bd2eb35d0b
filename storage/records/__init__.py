"""What crosses the border of a unit of work: plain frozen data, opened, never rows."""
