"""The network page: a whole network as a list of layers, every shape and number of it worked out."""
