"""The process a training runs in: what spaCy needs of memory and time ends with it.

Its task is ``home``, ``study_id`` and ``viewer_id``; it answers with its progress and leaves its
results as a file in the home folder. No text of the study is printed or logged.
"""

from __future__ import annotations

import logging
import warnings

from parihs.child import begin
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from parihs.suggestions.results import save_results
from parihs.suggestions.training import train


def main() -> None:
    """Do the one task."""
    task, answer = begin()
    # Libraries' messages may quote what they stumble over, and that belongs in no log.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")

    def say(**message: object) -> None:
        answer(message)

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


if __name__ == "__main__":
    main()
