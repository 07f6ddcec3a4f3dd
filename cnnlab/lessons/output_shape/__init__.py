"""The Output shape page: how many places a kernel has."""
