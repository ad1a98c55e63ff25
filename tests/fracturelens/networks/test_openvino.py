"""OpenVINO runs what we ship, and answers as LiteRT and TensorFlow's interpreter do."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from create_segmentation_model import load_model
from fracturelens.networks.litert import LitertPredictor
from fracturelens.screening.network import load_screening
from fracturelens.xray.letterbox import prepare_xray
from fracturelens.xray.read import decode_xray
from important_variables import NETWORKS, SAMPLES, SAVED_MODELS
from tests.helpers.missing import need
from tests.helpers.tiny_networks import pictures, tiny_int8_file

need("openvino", "requirements-openvino.txt")

STEP = 1 / 256
"""Scale of an INT8 probability."""


@pytest.fixture(scope="module")
def runner():
    from fracturelens.networks.openvino import OpenvinoPredictor

    return OpenvinoPredictor


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("openvino") / "tiny.tflite"
    path.write_bytes(tiny_int8_file())
    return path


def shipped(name):
    return SAVED_MODELS / name / "model_int8.tflite"


def samples(size, count=2):
    """Samples as a network takes them."""
    films = [decode_xray(path.read_bytes()) for path in sorted(SAMPLES.glob("*.png"))[:count]]
    return np.concatenate([prepare_xray(film.network_pixels, size) for film in films])


@pytest.mark.parametrize("name", NETWORKS)
def test_both_runtimes_read_what_we_ship_and_agree(name, runner):
    ours = load_model(name, "int8")
    batch = samples(ours.card.input_size)
    difference = np.abs(runner(shipped(name))(batch) - ours(batch))
    assert difference.mean() <= STEP
    if name != "gate":  # it has one output for each picture
        assert (difference > 0).mean() < 0.001


def test_screening_chooses_the_same_class(runner):
    ours = load_screening()
    batch = samples(ours.card.input_size)
    theirs = runner(shipped("screening"))(batch)
    assert (theirs.argmax(axis=1) == ours(batch).argmax(axis=1)).all()
    assert np.abs(theirs - ours(batch)).mean() < 0.3


@pytest.mark.parametrize("name", [*NETWORKS, "screening"])
def test_tensorflow_gives_the_bits_of_litert(name):
    from tensorflow import lite

    with warnings.catch_warnings(action="ignore", category=UserWarning):
        interpreter = lite.Interpreter(str(shipped(name)))  # it tells that LiteRT takes over
    interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    picture = samples(taken["shape"][1])[:1]
    interpreter.set_tensor(taken["index"], picture)
    interpreter.invoke()
    found = interpreter.get_tensor(given["index"])
    assert np.array_equal(found, LitertPredictor(shipped(name))(picture))


@pytest.mark.parametrize(
    ("step", "name"), [("_keep_rounding", "gate"), ("_rescale_as_litert", "unet")]
)
def test_without_our_help_it_rounds_otherwise(step, name, runner, monkeypatch):
    ours = load_model(name, "int8")
    batch = samples(ours.card.input_size, count=6)
    helped = np.abs(runner(shipped(name))(batch) - ours(batch)).mean()
    monkeypatch.setattr(f"fracturelens.networks.openvino.{step}", lambda model: model)
    assert np.abs(runner(shipped(name))(batch) - ours(batch)).mean() > max(10 * helped, 1e-6)


def test_sixteen_threads_give_the_bits_of_one(path, runner):
    images = [image[None] for image in pictures(100)]
    alone = [runner(path, threads=1, workers=1)(image) for image in images[:5]]
    shared = runner(path, threads=2, workers=3)
    with ThreadPoolExecutor(16) as threads:
        together = list(threads.map(shared, images))
    assert np.ptp(np.stack(together)) > 0
    assert all(np.array_equal(a, b) for a, b in zip(alone, together[:5], strict=True))
    assert all(np.array_equal(shared(a), b) for a, b in zip(images, together, strict=True))


def test_result_is_not_overwritten_and_the_batch_not_altered(path, runner):
    predictor, batch = runner(path, workers=1), pictures(3)
    kept, first = batch.copy(), predictor(batch[:1])
    assert first.dtype == np.float32 and first.shape == (1, 16, 16, 2)
    result = first.copy()
    whole = predictor(batch)
    assert np.array_equal(first, result) and np.array_equal(whole[:1], result)
    assert np.array_equal(batch, kept)


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs", b"\0" * 4096])
def test_damaged_file(tmp_path, content, runner):
    path = tmp_path / "model.tflite"
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match="no LiteRT network"):
        runner(path)


def test_integer_input_is_refused(tmp_path, runner):
    path = tmp_path / "model.tflite"
    path.write_bytes(tiny_int8_file(integer_io=True))
    with pytest.raises(ValueError, match=r"float32 picture .* takes"):
        runner(path)
