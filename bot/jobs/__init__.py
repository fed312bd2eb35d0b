"""What runs by itself: ticks that ask the services to do what is due. The database owns what is due."""
