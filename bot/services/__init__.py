"""What recare does for patients and staff, between the ways of talking and the ways of remembering."""
