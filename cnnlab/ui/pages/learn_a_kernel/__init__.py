"""What the page of a kernel that learns is put together from."""
