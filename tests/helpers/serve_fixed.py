"""`fracturelens` with networks that always say the same: a program for tests of the node."""

import sys

from command_line import main
from fracturelens.pacs import serve
from tests.helpers.dicom_films import marking_engine

if __name__ == "__main__":
    serve.engine_of = lambda *_: marking_engine()
    sys.exit(main())
