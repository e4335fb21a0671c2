"""From a workshop recording to a site comparison in which every number opens to the voice behind it."""

from parihs.errors import ParihsError

__all__ = ["ParihsError", "__version__"]
__version__ = "0.1.0"
