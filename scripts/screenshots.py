"""Take the pictures of the README from the running demo study.

python scripts/screenshots.py [FOLDER]     (default: docs/images; needs Chromium and playwright)
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1360, "height": 850}


def overview(page: Page) -> None:
    page.get_by_role("heading", name="What to do next").wait_for()


def coding(page: Page) -> None:
    page.locator("[data-ready=true]").wait_for()


def comparing(page: Page) -> None:
    page.locator(".pm-cell").nth(17).click()
    page.locator(".pe-item").first.wait_for()


def excerpts(page: Page) -> None:
    comparing(page)
    page.locator(".pe-item").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)


SHOTS = {
    "overview": ("/", overview),
    "coding": ("/code", coding),
    "compare": ("/compare", comparing),
    "excerpts": ("/compare", excerpts),
}


def main() -> None:
    """Serve the demo on a free port and photograph each page, light; coding in dark too."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tempfile.mkdtemp(prefix="parihs-pictures-")
    command = [sys.executable, "-m", "parihs", "demo", "--home", home, "--port", str(port)]
    server = subprocess.Popen([*command, "--no-browser"], cwd=ROOT)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_path, args=["--no-sandbox"]
            )
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport=SIZE, color_scheme=scheme)
                for name, (path, arrange) in SHOTS.items():
                    if scheme == "dark" and name != "coding":
                        continue
                    page = context.new_page()
                    page.goto(f"http://localhost:{port}{path}")
                    arrange(page)
                    time.sleep(1.5)
                    target = folder / f"{name}{'-dark' if scheme == 'dark' else ''}.png"
                    page.screenshot(path=target)
                    print(target)
                    page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait_for(url: str) -> None:
    """Until the server answers, at most a minute."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The app did not start.")


if __name__ == "__main__":
    main()
