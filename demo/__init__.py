"""Sample data: Le Hangar, a coworking space, billed hour by hour over 16 months on the embedded host."""
