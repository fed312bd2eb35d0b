"""The web server's pages, and what every page of recare shares: words, looks, guards and live signals."""
