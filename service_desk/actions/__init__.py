"""What can be done: one function per verb. Each authorises, validates and makes one change."""
