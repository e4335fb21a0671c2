"""Finding words in what was said: every newest transcript, by words and phrases, line by line."""

from parihs.search.asking import Asked, read_words
from parihs.search.finding import Found, Hit, find, search_table

__all__ = ["Asked", "Found", "Hit", "find", "read_words", "search_table"]
