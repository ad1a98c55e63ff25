"""Between FractureLens and the archives of a hospital: a node, and a client for DICOMweb."""
