"""The page Why convolution?, a file for each of its sections."""
