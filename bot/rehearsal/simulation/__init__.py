"""The simulation: months of a clinic with synthetic patients and staff, in the real house on a clock that leaps."""
