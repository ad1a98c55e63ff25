"""The model card's own words: what no file of figures can say, and no measured figure."""

from important_variables import ATTRIBUTION, DISCLAIMER

SUMMARY = f"""# Model card: FractureLens

<!-- Written by `{{command}}` from saved_model/; do not edit. -->

**{DISCLAIMER}**

A gate says whether an X-ray shows a fracture; two segmentation networks, an encoder-decoder and \
a U-Net, outline where. {ATTRIBUTION}

The headings follow CLAIM (Checklist for Artificial Intelligence in Medical Imaging, 2024 update), \
STARD-AI (Standards for Reporting of Diagnostic Accuracy Studies, artificial intelligence, 2025) \
and the Applied Model Card of the Coalition for Health AI (CHAI). It is our own reading of these \
guidelines; nobody has certified it.
"""
USE = """## Intended use

- Purpose: research and teaching on plain radiographs of arm, hand, leg, foot, hip and shoulder.
- Users: people who can read radiographs, or who study how such networks behave.
- Output: a calibrated fracture probability and one of three verdicts. "Possible fracture": \
masks and a list of findings from each segmenter. "Unclear": findings are ringed as hints and not \
painted, since hardly any of them is right. "No fracture found": the segmenters do not run.
- Human oversight: a qualified reader has to check every output against the X-ray.

| looked for | not looked for |
|---|---|
| fractures of the bones of arm, hand, leg, foot, hip and shoulder, with or without hardware | \
dislocations, effusions, foreign bodies, arthritis, infections, tumors, and any other finding |
| where on the film they may be | how old, how grave or of what kind a fracture is |

Out of scope: diagnosis, triage or treatment of patients; chest, spine, skull, dental and CT \
pictures; photographs of films.
"""
DATA = """## Data

- Source: FracAtlas, 4,083 radiographs from three hospitals in Bangladesh, 717 of them with \
fractures. Reference standard: polygons by radiologists, checked by an orthopedist, as its authors \
describe. It has no patient ids, ages or sexes.
- Split: contiguous blocks of ids, so that the views of one patient stay together; \
[fracture/splits](fracture/README.md) lists every picture, every exclusion and its reason.
- Preparation: letterboxed with the aspect kept, gray values scaled to the input's range, and \
stretched between two percentiles where a card's `input.stretch` says so; nothing else.
"""
METHODS = """## How the figures were made

- Gate: ROC, precision-recall and calibration over all usable pictures of the split. Segmenters: \
Dice and IoU on fractured pictures; a lesion counts as found where a painted region overlaps it \
with the stated IoU; a region that finds none is false. Cascade: as the user gets it, with an \
empty mask wherever the verdict is not "fracture".
- Calibration and thresholds were chosen on validation. Figures at these thresholds are optimistic \
there; sensitivity and specificity of the verdict are cross-fitted: each X-ray is judged by \
thresholds that were chosen without it.
- "Without a network" is the best of several trivial answers, measured with the same code.
"""
RESULTS = """## Main results

All figures, thresholds, subgroups and kinds of failures, and what INT8, tiling and mirror images \
change: [docs/results.md](docs/results.md). Speed: [benchmarks](benchmarks/README.md).
"""
SCREENING_TEXT = """## Pictures that the networks do not know

Before any verdict, photographs, screenshots, drawings, noise, chest pictures and other scans are \
refused: by their DICOM header, by exact checks of the picture, and by a small network that was \
taught to tell films of limbs, hips and shoulders from other pictures. A film that is unlike those \
of FracAtlas is judged with a caution. A user may override a refusal, and the record says so. The \
other sources are films and pictures of other hospitals, which taught nothing.
"""
STEADINESS_TEXT = """## Steadiness

How often a harmless change of the file changes the verdict: INT8 gate, {split}, {images} X-rays, \
95 % bootstrap intervals in brackets.
"""
MAINTENANCE = """## Version, maintenance and contact

- Version: a network is named by the SHA-256 of its file and the commit that trained it, both \
below. File, card and evaluations are replaced together; a file that does not fit its card is not \
loaded, and failures that were counted for another file are not shown. \
[CHANGELOG.md](CHANGELOG.md) tells what changed.
- Maintenance: the networks do not learn in use. Nothing watches how they fare on new X-rays: \
whoever uses them elsewhere has to measure them there first, and again whenever the scanner, the \
patients or the networks change.
- Contact: the issues of the repository that this file comes from. Report a wrong result with the \
verdict and the versions, never with a patient's X-ray.
"""
ETHICS = """## Ethics and funding

- Patients: FracAtlas is public and names no patient; its article tells how the X-rays were \
collected. We collected none, and no X-ray of it is in this repository.
- Harm: a missed fracture delays treatment, a false alarm costs an examination. A mask looks surer \
than it is, which is why doubtful X-rays get dotted rings and no paint. No reader study was done: \
how this output changes a reader's decisions is unknown.
- Registration and protocol: none; this is no clinical study.
- Funding and interests: none is recorded in this repository.
"""
SECURITY = """## Security and privacy

X-rays are read in memory on the machine that runs the app, and go nowhere else; names and other \
patient data in a DICOM file are neither shown nor kept. Files are untrusted: size and pixels are \
limited. Pictures made to deceive the networks were not studied. More: [SECURITY.md](SECURITY.md).
"""
