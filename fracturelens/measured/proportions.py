"""Shares of pictures with Wilson's interval, which holds for few pictures and for none of them."""

from fracturelens.measured.layout import Estimate

Z = 1.959964
"""Of a 95 % interval."""


def share_of(some: int, all_of_them: int) -> Estimate:
    """A share with its 95 % interval (Wilson 1927); undefined where there are no pictures.

    Args:
        some: pictures.
        all_of_them: pictures.
    """
    if not all_of_them:
        return Estimate(None)
    share, spread = some / all_of_them, Z**2 / all_of_them
    middle = (share + spread / 2) / (1 + spread)
    half = (share * (1 - share) * spread + spread**2 / 4) ** 0.5 / (1 + spread)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), all_of_them)
