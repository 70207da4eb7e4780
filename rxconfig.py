"""How Reflex compiles the pages; everything that differs between installations is read at run time."""

import reflex as rx
from reflex_base.plugins.sitemap import SitemapPlugin

from service_desk.config import settings
from service_desk.ui.bundle import BundlePlugin

config = rx.Config(
    app_name="service_desk",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    react_strict_mode=False,
    state_manager_mode="memory",
    cors_allowed_origins=settings().origins,
    frontend_lazy_bundled_libraries=True,
    # The first one that a browser takes is sent.
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[BundlePlugin()],
    disable_plugins=[SitemapPlugin],
)
