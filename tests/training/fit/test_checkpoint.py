"""A checkpoint comes back as it was saved, and an interrupted save leaves the old one."""

import numpy as np
import pytest

from training.fit.checkpoint import as_saved, load_checkpoint, save_checkpoint


def test_state_and_groups_come_back(tmp_path):
    path = tmp_path / "run" / "checkpoint.npz"
    groups = [[np.arange(3), np.float32(2.5)], [], [np.zeros((2, 2))]]
    save_checkpoint(path, {"history": [{"epoch": 1}]}, groups)
    state, found = load_checkpoint(path)
    assert state == {"history": [{"epoch": 1}]}
    assert [len(group) for group in found] == [2, 0, 1]
    assert found[0][0].tolist() == [0, 1, 2] and found[2][0].shape == (2, 2)


def test_failed_save_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, {"epoch": 1}, [])

    def full_disk(draft, **arrays):
        draft.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="no space"):
        save_checkpoint(path, {"epoch": 2}, [])
    assert load_checkpoint(path)[0] == {"epoch": 1}


def test_settings_compare_as_json_holds_them():
    assert as_saved({"range": (1, 2)}) == {"range": [1, 2]}
