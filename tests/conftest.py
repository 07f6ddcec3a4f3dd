"""What all tests share."""

from hypothesis import settings

# The machine may be busy, and the first call of torch is slow: how long an example takes says nothing here.
settings.register_profile("lab", deadline=None)
settings.load_profile("lab")
