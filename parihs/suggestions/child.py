"""The process a training runs in: what spaCy needs of memory and time ends with it.

``python -m parihs.suggestions.child`` reads its task, one line of JSON (``home``, ``study_id``,
``viewer_id``), from standard input, writes lines of progress to standard output, and leaves its
results as a file in the home folder. No text of the study is printed or logged.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import warnings

from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from parihs.suggestions.results import save_results
from parihs.suggestions.training import train


def main() -> None:
    """Do the one task; end at once when standard input ends, that is when the asker is gone."""
    task = json.loads(sys.stdin.readline())
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    # Libraries' messages may quote what they stumble over, and that belongs in no log.
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    threading.Thread(target=_end_with_input, daemon=True).start()

    def say(**message: object) -> None:
        said.write(json.dumps(message) + "\n")
        said.flush()

    store = Store(Home(task["home"]))
    try:
        with store.read() as session:
            results = train(
                session,
                task["study_id"],
                task["viewer_id"],
                lambda share, doing: say(share=round(share, 3), doing=doing),
            )
        save_results(store.home, results, task["viewer_id"])
        say(share=1.0, doing="Done")
    except ParihsError as error:
        say(failed=error.message, hint=error.hint)
    except Exception as error:
        say(failed=f"The training broke off ({type(error).__name__}).", hint="Try it again.")
    finally:
        store.close()


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
