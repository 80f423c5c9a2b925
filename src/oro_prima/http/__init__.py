"""The only room that speaks HTTP: senders, retries, tokens."""
