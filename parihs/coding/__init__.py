"""Coding: operations that can be sent twice, who sees what, and what coders agree on."""

from parihs.coding.operations import OpsResult, apply_ops
from parihs.coding.visibility import visible_codings

__all__ = ["OpsResult", "apply_ops", "visible_codings"]
