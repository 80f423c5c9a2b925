"""Laws and examples of the pure rooms."""
