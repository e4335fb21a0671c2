"""``parihs demo`` and ``parihs app``: serve the pages on this computer."""

from __future__ import annotations

import os
import socket
import threading
import webbrowser
from pathlib import Path

import click

from parihs.errors import ParihsError
from parihs.home import Home

DEFAULT_PORT = 8501

port_option = click.option("--port", type=int, default=None, help="Default: 8501 or next free.")
browser_option = click.option(
    "--browser/--no-browser", default=True, help="Open the app in the browser."
)
home_path = click.Path(file_okay=False, path_type=Path)


@click.command("app")
@click.option("--home", "folder", type=home_path, envvar="PARIHS_HOME", default=None)
@port_option
@browser_option
def app_command(folder: Path | None, port: int | None, browser: bool) -> None:
    """Serve the app on this computer."""
    serve(Home(folder), port, browser)


@click.command("demo")
@click.option("--home", "folder", type=home_path, default=Path("~/parihs-demo"))
@port_option
@browser_option
def demo_command(folder: Path, port: int | None, browser: bool) -> None:
    """Serve the app on the demo study, which is fictional."""
    from parihs.exchange.demo import load_demo
    from parihs.store import Store

    home = Home(folder.expanduser())
    store = Store(home)
    load_demo(store)
    store.close()
    serve(home, port, browser)


def serve(home: Home, port: int | None, browser: bool) -> None:
    """Run the app until it is stopped; it listens on this computer only."""
    port = free_port(port)
    os.environ["PARIHS_HOME"] = str(home.path)
    from parihs.web.app import create_app
    from parihs.web.settings import STREAMLIT

    url = f"http://localhost:{port}"
    click.echo(f"parihs is at {url} (studies in {home.path}). Stop it with Ctrl+C.")
    if browser:
        threading.Timer(1.0, webbrowser.open, [url]).start()
    create_app().run(config={**STREAMLIT, "server.port": port})


def free_port(wanted: int | None) -> int:
    """The wanted port, or the first free one from 8501 on. Raises ParihsError when it is taken."""
    for port in [wanted] if wanted else range(DEFAULT_PORT, DEFAULT_PORT + 50):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise ParihsError(
        f"Port {wanted or DEFAULT_PORT} is in use, so the app was not started.",
        "Stop the other program, or choose another port with --port.",
    )
