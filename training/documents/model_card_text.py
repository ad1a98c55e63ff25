"""What MODEL_CARD.md says in words of its own; every figure in it is read from files."""

from fracturelens.networks.tiling import LOOKED_AT
from important_variables import ATTRIBUTION, DISCLAIMER

SUMMARY = f"""# Model card: FractureLens

<!-- Written by `python command_line.py model-card` from saved_model/; do not edit. -->

**{DISCLAIMER}**

A gate says whether an X-ray shows a fracture; two segmentation networks, an encoder-decoder and \
a U-Net, outline where. {ATTRIBUTION}

The headings follow CLAIM (Checklist for Artificial Intelligence in Medical Imaging, 2024 update), \
STARD-AI (Standards for Reporting of Diagnostic Accuracy Studies, artificial intelligence, 2025) \
and the Applied Model Card of the Coalition for Health AI (CHAI). It is our own reading of these \
guidelines; nobody has certified it.
"""
USE = """## Intended use

- Purpose: research and teaching on plain radiographs of hand, leg, hip and shoulder.
- Users: people who can read radiographs, or who study how such networks behave.
- Output: a calibrated fracture probability with one of three verdicts ("fracture", "doubtful", \
"no fracture seen"); for the first a mask and a list of lesions from each network, for the second \
a list of hints.
- Human oversight: every output is to be checked against the X-ray by a qualified reader.

### Out of scope

Diagnosis, triage or treatment of patients; chest, spine, skull, dental and CT pictures; \
photographs of films; dating or grading of fractures; dislocations, tumours and other findings.
"""
DATA = f"""## Data

- Source: FracAtlas, 4,083 radiographs from three hospitals in Bangladesh, 717 of them with \
fractures; reference standard: polygons by radiologists, checked by an orthopaedist, as its \
authors describe. There are no patient ids, ages or sexes, so fairness across these cannot be \
measured.
- Split: contiguous blocks of ids, so that the views of one patient stay together; the list is in \
`fracture/splits/`, with every exclusion and its reason (truncated files, copies, contradictory \
labels).
- Preparation: letterboxed with the aspect kept, values in [0, 1]; nothing else. A segmenter \
trained on enlargements is asked about {LOOKED_AT}, which are joined.
"""
METHODS = """## How the figures were made

- Gate: ROC, precision-recall and calibration over all usable pictures of the split. Segmenters: \
Dice and IoU on fractured pictures; a lesion counts as found where a painted region overlaps it \
with the stated IoU; a region that finds none is false. Cascade: as the user gets it, with an \
empty mask wherever the gate sees no fracture.
- Calibration, operating points and mask thresholds were chosen on the validation split. There, \
figures at those points are optimistic; cross-fitted figures stand beside them.
- Trivial baselines were measured with the same code.
"""
MAINTENANCE = """## Version, maintenance and contact

- Version: a network is named by the SHA-256 of its file and the commit that trained it, both \
below. File, card and evaluations are replaced together; a file that does not fit its card is not \
loaded, and kinds of failures counted for another file are not shown.
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
than it is, so that doubtful X-rays get dotted hints and no paint. No reader study was done: how a \
person decides who sees this output is unknown.
- Registration and protocol: none; this is no clinical study.
- Funding and interests: none is recorded in this repository.
"""
SECURITY = """## Security and privacy

- X-rays are read in memory on the machine that runs the app, and go nowhere else; results are \
written only where the user saves them. Names and other patient data in a DICOM file are neither \
shown nor kept.
- Files are untrusted: size and pixels are limited, and what cannot be read is refused with a \
reason. Model files are compared with the SHA-256 of their cards before they are loaded.
- The app has no accounts and no encryption of its own: on a network, put it behind a server that \
has both.
- Pictures made to deceive the networks were not studied; small changes of a picture may turn a \
verdict.
"""
