"""The Channels page: an input of several channels, kernels as deep as it, one map for each kernel."""
