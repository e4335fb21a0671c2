"""The demo study that comes with parihs; it is fictional, and says so wherever it is shown."""

from __future__ import annotations

from pathlib import Path

from parihs.exchange.study_folder import load_study
from parihs.model import Study
from parihs.store import Store
from parihs.store.studies import find_study

DEMO_KEY = "lantern"


def demo_folder() -> Path:
    """The demo's plain files: in the repository when run from it, else inside the package."""
    package = Path(__file__).parents[1]
    checkout = package.parent / "transcripts"
    return checkout if (checkout / "study.yaml").exists() else package / "_data" / "transcripts"


def load_demo(store: Store) -> Study:
    """The demo study, loaded unless this home already has it."""
    with store.read() as session:
        found = find_study(session, DEMO_KEY)
    return found or load_study(store, demo_folder(), actor="demo")
