"""The simulation: months of a clinic with synthetic patients and staff, through the real house, on a clock that leaps."""
