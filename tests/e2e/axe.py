"""What axe-core finds wrong with the page a browser is at."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")


MOVING = """() => document.getAnimations().some(
    each => each.playState === "running" && each.effect.getTiming().iterations !== Infinity)"""


def problems(page: Page) -> list[str]:
    """What axe-core calls serious or critical, a line for each place.

    Nothing is pointed at, and nothing is on its way in or out: half faded it has half its contrast.
    """
    page.mouse.move(0, 0)
    page.wait_for_timeout(100)
    page.wait_for_function(f"() => !({MOVING})()")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]} "
        f"{'; '.join(check['message'] for check in node['any'])[:200]}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
