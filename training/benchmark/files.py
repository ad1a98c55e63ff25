"""Makes the files that `benchmark` times: one network for every runtime and precision."""

from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np

from fracturelens.networks.card import FILES
from important_variables import inference_threads
from training.benchmark.runners import CORES, Runner, has_bfloat16, installed_peers
from training.quantize.fold_network import fold_network
from training.quantize.litert_export import export_float32, export_floats

CALIBRATION_PICTURES = 16


def make_runners(name: str, models: Path, folder: Path) -> list[Runner]:
    """Writes what is missing in `folder` and lists all ways to run one network.

    Args:
        name: network; models/<name>/ holds model.keras, card.json and model_int8.tflite.
        models: folder of the networks.
        folder: receives the converted files; those newer than model.keras are kept.
    """
    source, shipped = (models / name / FILES[kind] for kind in ("float32", "int8"))
    model = keras.saving.load_model(source, compile=False)
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    folded = fold_network(model)
    size = model.input_shape[1]
    lite = _litert_files(folded, source, folder) | {"int8": shipped}

    def runner(runtime, precision, threads, path):
        return Runner(name, runtime, precision, threads, path, size)

    runners = [
        runner("keras_predict", "float32", CORES, source),
        runner("keras_function", "float32", CORES, source),
    ]
    runners += [
        runner("litert", precision, threads, path)
        for precision, path in lite.items()
        for threads in sorted({1, CORES})
    ]
    runners.append(runner("auto", "int8", inference_threads(), shipped))
    if find_spec("openvino"):
        runners.append(runner("openvino_litert", "int8", CORES, shipped))
    for peer in installed_peers():
        files = PEER_FILES[peer](folded, source, folder)
        runners += [runner(peer, kind, CORES, path) for kind, path in files.items()]
        if peer == "openvino" and has_bfloat16():
            runners.append(runner("openvino_default", "bfloat16", CORES, files["float32"]))
    return runners


def _litert_files(folded, source: Path, folder: Path) -> dict[str, Path]:
    paths = {kind: folder / f"{kind}.tflite" for kind in ("float32", "float16", "dynamic")}
    if not _all_newer(source, paths.values()):
        for kind, content in export_floats(export_float32(folded)).items():
            paths[kind].write_bytes(content)
    return paths


def _onnx_files(folded, source: Path, folder: Path) -> dict[str, Path]:
    """Float32 by tf2onnx; INT8 by ONNX Runtime's own static quantizer, a scale per channel."""
    paths = {"float32": folder / "float32.onnx", "int8": folder / "int8.onnx"}
    if _all_newer(source, paths.values()):
        return paths
    shape = (1, *folded.input_shape[1:])
    signature = [keras.InputSpec(shape=shape, dtype="float32", name="xray")]
    folded.export(paths["float32"], format="onnx", input_signature=signature, verbose=False)
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Pictures(CalibrationDataReader):
        def __init__(self):
            self.waiting = iter(_calibration_pictures(shape))

        def get_next(self):
            picture = next(self.waiting, None)
            return None if picture is None else {"xray": picture}

    prepared = folder / "prepared.onnx"
    quant_pre_process(str(paths["float32"]), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(paths["int8"]),
        Pictures(),
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return paths


def _openvino_files(folded, source: Path, folder: Path) -> dict[str, Path]:
    """Float32 from the ONNX file; INT8 by NNCF, OpenVINO's own quantizer."""
    import nncf
    import openvino

    paths = {"float32": folder / "float32.xml", "int8": folder / "int8.xml"}
    if _all_newer(source, paths.values()):
        return paths
    model = openvino.convert_model(_onnx_files(folded, source, folder)["float32"])
    openvino.save_model(model, paths["float32"], compress_to_fp16=False)
    shape = (1, *folded.input_shape[1:])
    pictures = nncf.Dataset(_calibration_pictures(shape))
    openvino.save_model(
        nncf.quantize(model, pictures, subset_size=CALIBRATION_PICTURES), paths["int8"]
    )
    return paths


PEER_FILES = {"onnxruntime": _onnx_files, "openvino": _openvino_files}


def _calibration_pictures(shape: tuple[int, ...]) -> list[np.ndarray]:
    """Noise will do: the peers' files are timed, not measured for quality."""
    random = np.random.default_rng(0)
    return [random.random(shape, np.float32) for _ in range(CALIBRATION_PICTURES)]


def _all_newer(source: Path, paths) -> bool:
    made = source.stat().st_mtime
    return all(path.is_file() and path.stat().st_mtime >= made for path in paths)
