"""How fast the lab is, as commands that measure it here and now.

    python -m benchmarks.latency
    python -m benchmarks.training
    python -m benchmarks.forward
    python -m benchmarks.imports

Milliseconds depend on the machine and on what else it does; the ratios say more.
"""
