"""What the pooling page is put together from."""
