"""Streamlit as parihs ships it: on this machine only, silent, calm."""

from __future__ import annotations

import os
from typing import Any

STREAMLIT: dict[str, Any] = {
    "runner.magicEnabled": False,
    # a select box is given its value and its default, which ui/choose.py says why
    "global.disableWidgetStateDuplicationWarning": True,
    "server.address": "localhost",
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 50,
    "server.maxMessageSize": 200,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "theme.baseRadius": "small",
    "theme.showSidebarBorder": True,
    "theme.headingFontWeights": [600, 600, 600, 600, 600, 600],
    "theme.headingFontSizes": ["1.9rem", "1.45rem", "1.2rem", "1.05rem", "1rem", "0.9rem"],
    "theme.light.primaryColor": "#1F6B79",
    "theme.light.backgroundColor": "#FFFFFF",
    "theme.light.secondaryBackgroundColor": "#F4F5F4",
    "theme.light.textColor": "#22282B",
    "theme.dark.primaryColor": "#5FB3C1",
    "theme.dark.backgroundColor": "#15191B",
    "theme.dark.secondaryBackgroundColor": "#1E2427",
    "theme.dark.textColor": "#E4E7E6",
}

SILENCED = {
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "PYANNOTE_METRICS_ENABLED": "0",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def silence_dependencies() -> None:
    """Turn off every dependency's telemetry; must run before any of them is imported."""
    os.environ.update(SILENCED)
