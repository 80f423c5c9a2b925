"""Snapshot and policy in, commands out: pure data that can be shown, kept and applied later."""
