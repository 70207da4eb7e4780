"""Sends what happens to the addresses that want to know."""
