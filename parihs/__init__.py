"""From a workshop recording to a site comparison that opens to the voice behind every number."""

from parihs.errors import ParihsError

__all__ = ["ParihsError", "__version__"]
__version__ = "0.1.0"
