"""The rehearsal: synthetic patients, a clock that can be moved, and the real house around them."""
