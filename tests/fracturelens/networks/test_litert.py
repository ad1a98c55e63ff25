"""LiteRT files run from a pool of interpreters; damaged ones are told apart."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fracturelens.networks.litert import LitertPredictor
from important_variables import inference_threads
from tests.helpers.tiny_networks import pictures, tiny_int8_file


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("litert") / "tiny.tflite"
    path.write_bytes(tiny_int8_file())
    return path


def test_sixteen_threads_give_the_bits_of_one(path):
    images = [image[None] for image in pictures(200)]
    alone = [LitertPredictor(path, threads=1, workers=1)(image) for image in images[:40]]
    shared = LitertPredictor(path, threads=2, workers=3)
    with ThreadPoolExecutor(16) as threads:
        together = list(threads.map(shared, images))
    assert np.ptp(np.stack(alone)) > 0
    assert all(np.array_equal(a, b) for a, b in zip(alone, together[:40], strict=True))
    again = [shared(image) for image in images]
    assert all(np.array_equal(a, b) for a, b in zip(again, together, strict=True))


def test_batch_equals_its_pictures_and_is_not_altered(path):
    predictor = LitertPredictor(path)
    batch = pictures(3)
    kept = batch.copy()
    result = predictor(batch)
    assert result.dtype == np.float32
    assert result.shape == (3, 16, 16, 2)
    assert np.array_equal(result, np.concatenate([predictor(image[None]) for image in batch]))
    assert np.array_equal(batch, kept)


def test_result_is_not_overwritten_by_the_next_call(path):
    predictor = LitertPredictor(path, workers=1)
    first, second = pictures(2)
    result = predictor(first[None])
    kept = result.copy()
    predictor(second[None])
    assert np.array_equal(result, kept)


def test_pool_survives_a_bad_batch(path):
    predictor = LitertPredictor(path, workers=1)
    with pytest.raises(ValueError, match="Dimension mismatch"):
        predictor(np.zeros((1, 8, 8, 3), np.float32))
    assert predictor(pictures(1)).shape == (1, 16, 16, 2)


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs", b"\0" * 4096])
def test_damaged_file(tmp_path, content):
    path = tmp_path / "model.tflite"
    path.write_bytes(content)
    with pytest.raises((ValueError, RuntimeError)):
        LitertPredictor(path)


def test_integer_input_is_refused(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(tiny_int8_file(integer_io=True))
    with pytest.raises(ValueError, match=r"float32 picture .* takes int8"):
        LitertPredictor(path)


def test_threads_are_those_that_the_environment_names(monkeypatch):
    monkeypatch.setenv("FRACTURELENS_THREADS", "3")
    assert inference_threads() == 3
    monkeypatch.delenv("FRACTURELENS_THREADS")
    assert 1 <= inference_threads() <= 4
