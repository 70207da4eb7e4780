"""Service Desk: phone calls and carried-in devices, live on every screen."""

__version__ = "0.1.0"
