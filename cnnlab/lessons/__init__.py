"""What the pages teach with, one folder for each page: its settings, its presets, what a wrong answer tells.

A lesson computes with the core and knows of no browser. Lessons do not import each other: what two of them need belongs
further down, in the core.
"""
