"""The Learn a kernel page: gradient descent finds the weights, step by step."""
