"""The composition root."""

import reflex as rx


class Placeholder(rx.State):
    """Shows that the socket answers."""

    count: int = 0

    @rx.event
    def add(self) -> None:
        """Count one click."""
        self.count += 1


def index() -> rx.Component:
    """One page, until the real ones are here."""
    return rx.el.main(
        rx.el.h1("Service desk"),
        rx.el.button("Clicked ", Placeholder.count, on_click=Placeholder.add, id="add"),
    )


app = rx.App()
app.add_page(index, route="/", title="Service desk")
