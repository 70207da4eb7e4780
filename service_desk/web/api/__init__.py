"""The HTTP API: the desk's actions and queries for programs, by the same rights."""
