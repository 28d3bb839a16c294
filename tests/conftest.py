"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says nothing of whether it is right, and a busy machine takes longer.
settings.register_profile("kbtool", deadline=None)
settings.load_profile("kbtool")
