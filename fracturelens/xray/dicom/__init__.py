"""DICOM files: parsing, pixel data, and the arithmetic from stored values to gray."""
