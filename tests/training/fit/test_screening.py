"""The fit of what tells an X-ray from other pictures: distance, limit, and the file of both."""

import numpy as np
import pytest

from fracturelens.screening.check import Reference, load_reference
from training.fit.screening import choose_limit, fit_distance, refusal_rate, write_reference


def test_the_distance_is_mahalanobis():
    generator = np.random.default_rng(0)
    sample = generator.multivariate_normal([1, 2], [[4, 1.5], [1.5, 1]], 20_000)
    mean, whitening = fit_distance(sample)
    found = Reference(mean, whitening, 1.0).distance(np.array([3.0, 2.0]))
    expected = np.sqrt(np.array([2, 0]) @ np.linalg.inv([[4, 1.5], [1.5, 1]]) @ np.array([2, 0]))
    assert found == pytest.approx(expected, rel=0.06)  # shrinkage shortens it a little


def test_the_limit_counts_what_the_simple_checks_refuse():
    distances, kinds = np.arange(400.0), [""] * 400
    assert choose_limit(distances, kinds) == 393  # 1.5 % are 6
    assert refusal_rate(distances, kinds, 397)["reasons"] == {"unlike": 2}
    kinds[0] = "blank"
    assert refusal_rate(distances, kinds, choose_limit(distances, kinds)) == {
        "images": 400, "refused": 6, "share": 0.015, "reasons": {"blank": 1, "unlike": 5}
    }  # fmt: skip


def test_a_written_reference_reads_back(tmp_path):
    reference = Reference(np.array([1.0, 2.0]), np.eye(2), 3.0)
    write_reference(reference, 5, {}, tmp_path)
    found = load_reference(tmp_path)
    assert np.array_equal(found.mean, reference.mean) and found.limit == 3.0
    assert np.array_equal(found.whitening, reference.whitening)
