"""The channels page: its controls and grids, and its parts on pictures, memory, costs and code."""
