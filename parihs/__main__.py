"""``python -m parihs`` is the ``parihs`` command."""

from parihs.cli import main

main()
