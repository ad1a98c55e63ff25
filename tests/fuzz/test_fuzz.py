"""What is fuzzed holds for the files that fuzzing starts from, and tells where it does not."""

import pytest

from tests.fuzz.fuzz import LONGEST, _check, try_decoding, try_header
from tests.fuzz.seeds import seeds


def test_the_reader_holds_for_every_seed():
    small = {name: data for name, data in seeds().items() if len(data) <= LONGEST}
    assert len(small) > 30
    for data in small.values():
        try_decoding(data)
        try_header(data)


def test_a_breach_is_told():
    with pytest.raises(RuntimeError, match="no record"):
        _check(False, "no record")
