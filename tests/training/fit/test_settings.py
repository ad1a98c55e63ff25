"""Settings: defaults for every network, also for those that nobody thought of yet."""

import pytest

from important_variables import NETWORKS
from tests.helpers.tiny_networks import add_third_network
from training.fit.settings import (
    SettingsError,
    TrainingSettings,
    continued_settings,
    default_settings,
)


def test_defaults_exist_for_each_network():
    assert default_settings("gate").crop_epochs == 0
    assert default_settings("unet").input_size == 256
    assert all(default_settings(n).epochs <= 70 for n in NETWORKS)


def test_a_further_network_has_defaults_too(monkeypatch):
    name = add_third_network(monkeypatch)
    assert default_settings(name) == TrainingSettings(name)
    further = continued_settings(name, "first.keras")
    assert (further.name, further.start, further.hard_negatives) == (name, "first.keras", True)
    assert further.epochs == further.crop_epochs == TrainingSettings(name).epochs


def test_second_stage_starts_where_it_is_told():
    settings = continued_settings("unet", "first.keras")
    assert (settings.start, settings.hard_negatives) == ("first.keras", True)
    assert settings.lesion_weight < default_settings("unet").lesion_weight
    assert all(continued_settings(n, "x").epochs <= 70 for n in NETWORKS)


def test_enlargements_are_watched_at_the_middle_of_their_scales():
    assert TrainingSettings("unet").watched_size == 256
    assert TrainingSettings("unet", enlargement=2.0).watched_size == 368
    assert TrainingSettings("encoder_decoder", enlargement=2.0).watched_size == 368
    assert TrainingSettings("gate", input_size=320).watched_size == 320


def test_watched_sizes_can_be_halved_as_often_as_a_network_does():
    for name, spec in NETWORKS.items():
        for size in (64, 256, 320):
            enlargement = 1.0 if name == "gate" else 1.7
            settings = TrainingSettings(name, input_size=size, enlargement=enlargement)
            assert settings.watched_size % spec.deepest_stride == 0


@pytest.mark.parametrize(("name", "enlargement"), [("gate", 2.0), ("unet", 0.5)])
def test_enlargements_that_cannot_be_cut_are_told(name, enlargement):
    with pytest.raises(SettingsError, match="Leave --enlargement out"):
        TrainingSettings(name, enlargement=enlargement)


@pytest.mark.parametrize("change", [{"epochs": 0}, {"learning_rate": -1e-3}])
def test_settings_that_cannot_train_are_told(change):
    with pytest.raises(SettingsError, match=r"at least 1 epoch .* Mend --epochs"):
        TrainingSettings("unet", **change)
