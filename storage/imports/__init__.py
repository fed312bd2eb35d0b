"""Where patients come from: lists of the practice's software, read generously and never guessed at."""
