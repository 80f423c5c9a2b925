"""Ratios against floors measured in the same run."""
