"""DICOM films in other transfer syntaxes."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from tests.helpers.films import dataset_of


def written_as(syntax, pixels) -> bytes:
    """The film (gray, of its own depth) in an uncompressed transfer syntax of pydicom's."""
    import pydicom

    dataset = dataset_of(
        pixels.astype(">u2") if syntax == pydicom.uid.ExplicitVRBigEndian else pixels
    )
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def by_gdcm(folder: Path, name: str, plain: bytes) -> bytes:
    """A file in a transfer syntax that GDCM writes; in a process of its own."""
    pytest.importorskip("gdcm", reason="python-gdcm is optional")
    (folder / "plain.dcm").write_bytes(plain)
    code = (
        "import gdcm, sys; r = gdcm.ImageReader(); r.SetFileName(sys.argv[1]); r.Read();"
        "c = gdcm.ImageChangeTransferSyntax();"
        "c.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, sys.argv[3])));"
        "c.SetInput(r.GetImage()); c.Change(); w = gdcm.ImageWriter();"
        "w.SetFileName(sys.argv[2]); w.SetFile(r.GetFile()); w.SetImage(c.GetOutput()); w.Write()"
    )
    paths = [str(folder / "plain.dcm"), str(folder / "packed.dcm")]
    subprocess.run([sys.executable, "-c", code, *paths, name], check=True)
    return (folder / "packed.dcm").read_bytes()
