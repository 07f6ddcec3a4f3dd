"""The network page: a list of layers edited in place, drawn as blocks, asked about, and as code."""
