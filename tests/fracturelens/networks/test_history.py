"""history.csv: written, read again, and the epoch that is kept."""

import pytest

from fracturelens.networks.history import History, HistoryError, read_history, write_history
from tests.helpers.bad_inputs import lfs_pointer


def history(name: str, column: str, values) -> History:
    rows = [{"epoch": number, column: value} for number, value in enumerate(values, 1)]
    return History(name, rows)


def test_best_epoch_of_a_segmenter_has_the_highest_validation_dice():
    assert history("unet", "val_dice_positives", [0.1, 0.4, 0.3]).best_epoch == 2


def test_best_epoch_of_the_gate_has_the_lowest_validation_loss():
    rows = [{"epoch": 1, "val_loss": 0.7, "val_auroc": 0.92}]
    rows += [{"epoch": 2, "val_loss": 0.6, "val_auroc": 0.91}]
    assert History("gate", rows).best == rows[1]


def test_what_was_written_is_read_again(tmp_path):
    (tmp_path / "unet").mkdir()
    told = history("unet", "val_dice_positives", [0.125, 0.5])
    write_history(told, tmp_path)
    assert list(read_history("unet", tmp_path).rows) == told.rows


@pytest.mark.parametrize("text", [None, "", "epoch,loss\n", "loss\n0.5\n", "epoch,loss\nnan,1\n"])
def test_no_history_yet(tmp_path, text):
    (tmp_path / "unet").mkdir()
    if text is not None:
        (tmp_path / "unet" / "history.csv").write_text(text)
    assert read_history("unet", tmp_path) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"epoch,loss\n1,\xff\xfe\n", "git checkout"),
        (lfs_pointer(), "git lfs pull"),
    ],
)
def test_a_damaged_history_is_told(tmp_path, content, words):
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "history.csv").write_bytes(content)
    with pytest.raises(HistoryError, match=words):
        read_history("unet", tmp_path)
