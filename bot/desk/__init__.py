"""How staff see conversations: one folder a place, each behind the desk port."""
