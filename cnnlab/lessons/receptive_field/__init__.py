"""What the receptive-field page teaches with: stacks of layers, examples, the small quiz, and the PyTorch lines."""
