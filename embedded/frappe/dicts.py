"""A dict whose keys are also attributes; a missing one reads as None."""

from collections.abc import Mapping


class _dict(dict):
    __slots__ = ()
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__

    def __getattr__(self, key):
        if key.startswith("__") and key.endswith("__"):
            raise AttributeError(key)  # protocols (copy, pickle) must see that there is none
        return self.get(key)

    def update(self, other=(), /, **more):
        """Like dict.update, but answers itself, so that it can be chained."""
        super().update(other or (), **more)
        return self

    def copy(self):
        return _dict(self)

    def __getstate__(self):
        return self

    def __setstate__(self, state: Mapping):
        self.update(state)
