"""What the page of the transposed convolution is put together from."""
