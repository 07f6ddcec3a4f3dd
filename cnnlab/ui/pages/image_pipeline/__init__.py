"""What the page on pictures in PyTorch is put together from."""
