"""The leak scanner: reads every byte of a built site and finds what its readers must not see.

It shares no code with what it checks: it has its own reading of Markdown, audiences and folders, so that a fault in
the stager is not repeated here. It finds texts word by word, however they are encoded; a paraphrase it cannot find.
"""

from __future__ import annotations

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.run import Report, audit, run

__all__ = ["Audiences", "Report", "audit", "run"]
