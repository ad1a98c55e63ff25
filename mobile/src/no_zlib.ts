// Stands for Node's zlib, which dicom-parser asks for: deflated files are unpacked before it.

export {};
