"""A hundred films leave no more memory behind than ten."""

import pytest

from important_variables import SAMPLES

MEGABYTE = 1024 * 1024
GROWTH = 40 * MEGABYTE
MEASURE = "async () => (await performance.measureUserAgentSpecificMemory()).bytes"


@pytest.mark.slow
def test_memory_is_bounded(worker):
    data = (SAMPLES / "forearm_broken.png").read_bytes()
    for _ in range(10):
        assert worker.examine(data)["prediction"]
    before = worker.page.evaluate(MEASURE)
    for _ in range(90):
        worker.examine(data)
    assert worker.page.evaluate(MEASURE) - before < GROWTH
