"""The Convolution page: one matrix slides over another."""
