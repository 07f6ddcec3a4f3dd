"""Lessons as data: each is one TOML file, a list of screens with what to say, what to ask and what to see there."""
