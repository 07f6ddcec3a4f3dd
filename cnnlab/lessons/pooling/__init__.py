"""The Pooling page: one number for every window."""
