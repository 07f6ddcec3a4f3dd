"""How fast the lab is, as commands that measure it here and now.

    python -m benchmarks.latency
    python -m benchmarks.training

Milliseconds depend on the machine and on what else it does; the ratios say more.
"""
