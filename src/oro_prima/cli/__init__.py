"""The command line: one module a verb, the same words as the library."""
