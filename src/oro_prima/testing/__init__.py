"""A kit for tests of users: contracts that any adapter must meet."""
