"""The badge of a site that calibrated the gate on its own X-rays.

Keys: `site` (container).
"""

import streamlit as st

from app_pages.widgets import plain
from fracturelens.measured.figures import with_count
from fracturelens.measured.site import Site, SiteError, read_site
from fracturelens.site.engine import at_site
from important_variables import site_file
from prediction import Engine


def for_site(engine: Engine) -> Engine:
    """The engine as the site's file wants it, under a badge; a file that does not fit is told of.

    Args:
        engine: with the calibration and thresholds of its cards; returned as it is where the app
            was started without a site's file, or with one that does not fit.
    """
    path = site_file()
    if path is None:
        return engine
    try:
        site = read_site(path)
        engine = at_site(engine, site)
    except SiteError as error:
        st.warning(
            f"**Not calibrated for your site.** {plain(str(error))} The thresholds in use are "
            "those that were chosen on FracAtlas.",
            icon=":material/tune:",
        )
        return engine
    with st.container(key="site", gap="xsmall"):
        # Not st.badge, which would escape the brackets of a name once more.
        st.markdown(f":blue-badge[:material/tune: Calibrated for {plain(site.name)}]")
        st.caption(_measured_words(site))
    return engine


def _measured_words(site: Site) -> str:
    """What the other half of the site's X-rays showed; FracAtlas says nothing of this gate."""
    others, points = site.held_out, site.held_out.operating_points
    sensitivity = points["doubtful"].metrics["sensitivity"]
    specificity = points["fracture"].metrics["specificity"]
    return (
        f"Calibration and thresholds were chosen on {site.chosen_on.images:,} X-rays of this "
        f"site and measured on {others.images:,} others: sensitivity of “doubtful or more” "
        f"{with_count(sensitivity)}; specificity of “fracture” {with_count(specificity)}."
    )
