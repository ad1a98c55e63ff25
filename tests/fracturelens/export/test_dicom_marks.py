"""What presentation state, report, masks and copy show, read back by other people's readers."""

import shutil
import subprocess
from io import BytesIO

import cv2
import numpy as np
import pytest

from fracturelens.export.dicom_author import SCHEME
from fracturelens.export.dicom_gsps import layer_name
from fracturelens.export.dicom_sc import LONGEST_SIDE, marked_copy
from fracturelens.export.dicom_sr_items import own_code
from fracturelens.export.dicom_words import verdict_words
from fracturelens.findings.outlines import outlines_of
from important_variables import ATTRIBUTION, DISCLAIMER, title_of
from tests.helpers.dicom_films import DOUBTFUL, FRACTURE, NONE, WINDOW, judged, kinds, study_film
from tests.helpers.films import deep, film
from tests.helpers.missing import skip_unless_ci
from tests.helpers.polygons import polygon_mask


def outlines_by_network(found):
    """Corners of each finding, by network, as the exported objects should hold them."""
    return {
        name: [corners.tolist() for corners in outlines_of(one).values()]
        for name, one in found.prediction.segmentations.items()
    }


def opened(points):
    """A closed polygon without its repeated corner, whole numbers."""
    whole = np.rint(np.asarray(points).reshape(-1, 2)).astype(int)
    assert np.array_equal(whole, np.asarray(points).reshape(-1, 2))
    assert whole[0].tolist() == whole[-1].tolist()
    return whole[:-1].tolist()


def tool(name, *words, package="dcmtk"):
    """Runs a program; skips the test where it is missing."""
    if not shutil.which(name):
        skip_unless_ci(f"{name} is missing: apt-get install {package}")
    return subprocess.run([name, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", kinds())
def test_presentation_state_holds_the_polygons_to_the_pixel(name):
    found, objects = judged(kinds()[name])
    drawn = {
        layer.GraphicLayer: [
            opened(graphic.GraphicData) for graphic in layer.get("GraphicObjectSequence", [])
        ]
        for layer in objects["gsps"].GraphicAnnotationSequence
    }
    expected = outlines_by_network(found)
    assert {layer_name(name): corners for name, corners in expected.items()}.items() <= (
        drawn.items()
    )
    for name, segmentation in found.prediction.segmentations.items():
        filled = [polygon_mask(np.array(c), *segmentation.mask.shape) for c in expected[name]]
        assert np.array_equal(np.any(filled, axis=0), segmentation.mask)


@pytest.mark.parametrize("name", kinds())
def test_report_holds_the_polygons_to_the_pixel(name):
    from highdicom.sr import ComprehensiveSR, MeasurementReport

    found, objects = judged(kinds()[name])
    report = ComprehensiveSR.from_dataset(objects["sr"]).content
    assert isinstance(report, MeasurementReport)
    groups = report.get_planar_roi_measurement_groups()
    polygons = [opened(group.roi.value) for group in groups]
    assert polygons == [c for corners in outlines_by_network(found).values() for c in corners]


def test_report_tells_verdict_probabilities_and_networks():
    from highdicom.sr import ComprehensiveSR

    found, objects = judged(study_film())
    report = ComprehensiveSR.from_dataset(objects["sr"]).content
    groups = report.get_image_measurement_groups()
    (whole,) = [one for one in groups if one.tracking_identifier == "Whole X-ray"]
    (gate,) = whole.get_measurements(own_code("gate_probability"))
    assert gate.value == pytest.approx(found.prediction.gate_probability, abs=5e-5)
    (verdict,) = whole.get_qualitative_evaluations(own_code("verdict"))
    assert (verdict.value.value, verdict.value.scheme_designator) == ("fracture", SCHEME)
    findings = [f for one in found.prediction.segmentations.values() for f in one.findings]
    for group, finding in zip(report.get_planar_roi_measurement_groups(), findings, strict=True):
        (mean,) = group.get_measurements()
        assert mean.value == pytest.approx(finding.mean, abs=5e-5)
        said = group.get_qualitative_evaluations(own_code("marked_by"))
        assert {one.value.value for one in said} == {name[:16] for name in finding.networks}


def test_report_names_each_network_with_its_file():
    _, objects = judged(study_film())
    texts = {item.TextValue for item in content_items(objects["sr"]) if "TextValue" in item}
    names = {"FractureLens: Gate", "FractureLens: U-Net", "FractureLens: Encoder-decoder"}
    assert names <= texts and {"sha256=unknown", "precision=float32"} <= texts
    assert {DISCLAIMER, ATTRIBUTION} <= texts


def content_items(dataset):
    """All content items of a report, whatever their depth."""
    for item in dataset.get("ContentSequence", []):
        yield item
        yield from content_items(item)


def test_findings_have_one_uid_in_report_and_state():
    from highdicom.sr import ComprehensiveSR

    _, objects = judged(study_film())
    report = ComprehensiveSR.from_dataset(objects["sr"]).content
    groups = report.get_planar_roi_measurement_groups()
    drawn = [
        graphic.TrackingUID
        for layer in objects["gsps"].GraphicAnnotationSequence
        for graphic in layer.get("GraphicObjectSequence", [])
    ]
    assert [group.tracking_uid for group in groups] == drawn and len(set(drawn)) == 3


@pytest.mark.parametrize("gate", [FRACTURE, DOUBTFUL, NONE])
def test_report_is_printed_by_dcmtk(gate, tmp_path):
    found, objects = judged(study_film(), gate)
    objects["sr"].save_as(tmp_path / "sr.dcm", enforce_file_format=True)
    done = tool("dsr2html", tmp_path / "sr.dcm", tmp_path / "sr.html")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "sr.html").read_text(errors="replace")
    assert DISCLAIMER in page and verdict_words(found.prediction) in page


@pytest.mark.parametrize(
    ("gate", "style", "words"),
    [(FRACTURE, "SOLID", "1: Both networks, 0.8"), (DOUBTFUL, "DASHED", "1: hint, Both networks")],
)
def test_outlines_are_solid_for_a_fracture_and_dotted_for_hints(gate, style, words):
    _, objects = judged(study_film(), gate)
    layers = {one.GraphicLayer: one for one in objects["gsps"].GraphicAnnotationSequence}
    for name in ("UNET", "ENCODER_DECODER"):
        for graphic in layers[name].GraphicObjectSequence:
            assert graphic.LineStyleSequence[0].LineDashingStyle == style
    assert layers["LABELS"].TextObjectSequence[0].UnformattedTextValue.startswith(words)
    assert DISCLAIMER in layers["VERDICT"].TextObjectSequence[0].UnformattedTextValue


def test_without_a_fracture_the_verdict_stands_alone():
    _, objects = judged(study_film(), NONE)
    (layer,) = objects["gsps"].GraphicAnnotationSequence
    assert "no fracture found" in layer.TextObjectSequence[0].UnformattedTextValue


def table_items(table, name):
    """A look-up table of 4,096 entries as an element of a header."""
    from tests.helpers.films import table_item

    entries = np.clip(4095 * (np.arange(4096) / 4095) ** 0.5, 0, 4095)
    return {name: [table_item(entries if table is None else table, 0, 12)]}


GRAYS = {
    "window": WINDOW,
    "narrow window": {"WindowCenter": "1500", "WindowWidth": "800"},
    "exact": {"WindowCenter": "1500", "WindowWidth": "800", "VOILUTFunction": "LINEAR_EXACT"},
    "inverted": WINDOW | {"PhotometricInterpretation": "MONOCHROME1"},
    "rescaled": {"RescaleSlope": "2", "RescaleIntercept": "-100", "RescaleType": "US"}
    | {"WindowCenter": "3000", "WindowWidth": "6000"},
    "table": table_items(None, "VOILUTSequence"),
}


@pytest.mark.parametrize("name", GRAYS)
def test_the_state_shows_the_film_as_without_it(name, tmp_path):
    data = study_film(**GRAYS[name])
    found, objects = judged(data)
    (tmp_path / "film.dcm").write_bytes(data)
    objects["gsps"].save_as(tmp_path / "gsps.dcm", enforce_file_format=True)
    done = tool(
        "dcmp2pgm", "-p", tmp_path / "gsps.dcm", tmp_path / "film.dcm", tmp_path / "seen.pgm"
    )
    assert done.returncode == 0, done.stderr
    seen = cv2.imread(str(tmp_path / "seen.pgm"), cv2.IMREAD_UNCHANGED)
    difference = np.abs(seen.astype(int) - found.radiograph.pixels)
    assert difference.max() <= 2


@pytest.mark.parametrize(
    "odd",
    [
        {"WindowCenter": "0", "WindowWidth": "0"},
        {"WindowCenter": ["1", "2"], "WindowWidth": "100"},
        {"RescaleSlope": "0", "RescaleIntercept": "1"},
        {"RescaleSlope": "1.00000000000000000001", "RescaleIntercept": "1"},
        {"VOILUTSequence": []},
    ],
)
def test_grays_that_make_no_sense_are_left_out(odd):
    _, objects = judged(study_film(**odd))
    assert objects["gsps"].PresentationLUTShape == "IDENTITY"


def test_masks_are_read_back_whole():
    from highdicom.seg import Segmentation

    found, objects = judged(study_film())
    read = Segmentation.from_dataset(objects["seg"])
    labels = [read.get_segment_description(n).segment_label for n in read.segment_numbers]
    assert labels == [title_of(name) for name in found.prediction.segmentations]
    masks = [one.mask for one in found.prediction.segmentations.values()]
    assert set(np.unique(read.pixel_array)) == {0, 1}
    for mask, frame in zip(masks, read.pixel_array, strict=True):
        assert np.array_equal(frame.astype(bool), mask)


def test_copy_shows_the_marks_under_a_bar():
    found, objects = judged(study_film())
    copy = objects["sc"].pixel_array
    height, width = found.radiograph.pixels.shape
    assert copy.shape[1] == width and copy.shape[0] > height
    bar = copy[: copy.shape[0] - height]
    assert bar.max() > 200 and (bar[..., 0] == bar[..., 2]).all()
    assert np.ptp(copy[-height:].astype(int), axis=2).max() > 50  # marks have colors
    assert objects["sc"].BurnedInAnnotation == "YES"


def test_copy_of_a_large_film_is_reduced():
    found, _ = judged(study_film(pixels=deep(film(2600, 1000))))
    copy = marked_copy(found.radiograph.pixels, found.prediction)
    assert LONGEST_SIDE < copy.shape[0] < 1.1 * LONGEST_SIDE
    assert copy.shape[1] == round(1000 * LONGEST_SIDE / 2600)


def test_files_are_small_and_read_anew():
    from pydicom import dcmread

    _, objects = judged(study_film())
    for kind, dataset in objects.items():
        buffer = BytesIO()
        dataset.save_as(buffer, enforce_file_format=True)
        buffer.seek(0)
        assert dcmread(buffer).SOPInstanceUID == dataset.SOPInstanceUID
        assert buffer.tell() < 2_000_000, kind
