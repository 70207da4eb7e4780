"""How fast the news travels: measured, with a yardstick from the same run."""
