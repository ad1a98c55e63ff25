"""Words for who marks a place, for pages, tables and reports."""

from collections.abc import Collection

from important_variables import title_of


def marked_by_words(networks: Collection[str], ran: Collection[str]) -> str:
    """Which networks mark a place, as "Both networks", "U-Net only" or "U-Net, no other ran".

    Args:
        networks: names of those that mark it.
        ran: names of all segmenters that ran on the X-ray.
    """
    if len(ran) == 1:
        return f"{title_of(*ran)}, no other ran"
    if len(networks) == len(ran):
        return "Both networks" if len(ran) == 2 else "All networks"
    if len(networks) == 1:
        return f"{title_of(*networks)} only"
    return " and ".join(title_of(name) for name in sorted(networks))
