"""The Transposed page: every pixel stamps the kernel."""
