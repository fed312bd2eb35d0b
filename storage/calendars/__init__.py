"""Where free time comes from: the built-in calendar's computation, and calendar files."""
