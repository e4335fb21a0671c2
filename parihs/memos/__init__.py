"""Memos: dated notes on anything in a study, each of a kind, linked, and seen by the blind rule."""

from parihs.memos.about import TARGETS, Target, excerpt_target
from parihs.memos.finding import MemoView, find_memos, memo_table
from parihs.memos.writing import change_memo, remove_memo, restore_memo, write_memo

__all__ = [
    "TARGETS",
    "MemoView",
    "Target",
    "change_memo",
    "excerpt_target",
    "find_memos",
    "memo_table",
    "remove_memo",
    "restore_memo",
    "write_memo",
]
