"""Words: the files a rep's task is written from, and the small safe language they are in.

``compose`` gives the words of a candidate's task; ``render`` fills one words file; ``check_words``
checks the words of a play without rendering; ``copy_words`` puts the bundled words into the
firm's folder.
"""

from __future__ import annotations

from goodword.words.compose import check_words, compose, context_of, render
from goodword.words.files import BUNDLED, copy_words

__all__ = ["BUNDLED", "check_words", "compose", "context_of", "copy_words", "render"]
