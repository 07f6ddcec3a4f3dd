"""What the README says about speed, as commands that measure it here and now.

    python -m benchmarks.latency

Milliseconds depend on the machine and on what else it does; the ratios say more.
"""
