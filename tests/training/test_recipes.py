"""The recipes give words that the commands understand, and end with the published settings."""

import os
import subprocess
from argparse import ArgumentParser
from dataclasses import asdict
from importlib import import_module

import pytest

from command_line import COMMANDS
from fracturelens.networks.card import FILES, read_card
from important_variables import NETWORKS, ROOT
from training.fit.settings import TrainingSettings
from training.fit.train import settings_from

RECIPES = ROOT / "training" / "recipes"
STAGES = {"gate": 5, "unet": 8, "encoder_decoder": 8}
# Notes its words, fails where $FAIL is among them, and writes what a training would.
STAND_IN = r"""#!/usr/bin/env bash
(IFS=$'\t'; echo "$*") >> "$NOTES"
for word; do if [ "$word" = "${FAIL:-}" ]; then exit 1; fi; done
if [ "$1" != train ]; then exit; fi
while [ "$#" -gt 1 ]; do
  case $1 in train) name=$2 ;; --out) folder=$2/$name ;; esac
  shift
done
mkdir -p "$folder"
for file in model.keras history.csv card.json; do echo "$folder" > "$folder/$file"; done
"""


@pytest.fixture
def cook(tmp_path):
    """Runs a recipe with a stand-in for `fracturelens`; returns exit code and commands."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "fracturelens"
    program.write_text(STAND_IN)
    program.chmod(0o755)

    def run(name, **environment):
        notes = tmp_path / "notes"
        notes.write_text("")
        places = {"STAGES": tmp_path / "stages", "MODELS": tmp_path / "models", "NOTES": notes}
        places["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [RECIPES / f"{name}.sh"],
            env=os.environ | {key: str(value) for key, value in places.items()} | environment,
            capture_output=True,
            text=True,
        )
        return done, [line.split("\t") for line in notes.read_text().splitlines()]

    return run


@pytest.fixture
def gates(tmp_path):
    """The stages of the gate, which the segmenters' recipes ask for."""
    for number in (2, 3, 4):
        file = tmp_path / "stages" / f"gate_{number}" / "gate" / FILES["float32"]
        file.parent.mkdir(parents=True)
        file.touch()


def parsed(words):
    """The words as their command reads them; wrong ones end the test."""
    parser = ArgumentParser()
    import_module(COMMANDS[words[0]][0]).add_arguments(parser)
    return parser.parse_args(words[1:])


def settings_of(commands) -> list[TrainingSettings]:
    return [settings_from(parsed(words)) for words in commands if words[0] == "train"]


def test_every_published_network_has_a_recipe():
    assert STAGES.keys() == NETWORKS.keys()
    assert {path.stem for path in RECIPES.glob("*.sh")} == {*NETWORKS, "stages"}


@pytest.mark.parametrize("name", STAGES)
def test_a_recipe_ends_with_the_published_network(name, cook, gates, tmp_path):
    done, commands = cook(name)
    assert done.returncode == 0, done.stderr
    stages, card = settings_of(commands), read_card(name)
    assert len(stages) == STAGES[name] and not stages[0].start
    for number, settings in enumerate(stages[1:], 1):
        assert f"/{name}_{number}/{name}/model.keras" in settings.start
    assert bool(card.settings["teacher"]) is ("/gate_4/" in stages[-1].teacher)
    published = {k: v for k, v in card.settings.items() if k not in ("start", "teacher")}
    assert {key: asdict(stages[-1])[key] for key in published} == published
    assert [words[0] for words in commands[-2:]] == ["calibrate", "quantize"]
    calibrate, quantize = map(parsed, commands[-2:])
    assert (calibrate.names, quantize.name) == ([name], name)
    assert calibrate.models == quantize.models == tmp_path / "models"
    assert quantize.epochs == card.training["int8"]["settings"]["epochs"]
    source = (tmp_path / "models" / name / "model.keras").read_text().strip()
    assert source.endswith(f"{name}_{STAGES[name]}/{name}")


def test_the_last_two_stages_of_the_encoder_decoder_are_averaged_once(cook, gates):
    _, commands = cook("encoder_decoder")
    [average] = [parsed(words) for words in commands if words[0] == "average"]
    assert "encoder_decoder_7" in str(average.others[0]) and len(average.others) == 1
    assert [words[0] for words in cook("encoder_decoder")[1]] == ["calibrate", "quantize"]


def test_a_stopped_recipe_goes_on_with_the_stage_that_it_was_in(cook):
    done, commands = cook("gate", FAIL="0.35")
    assert done.returncode == 1 and len(commands) == 3
    done, commands = cook("gate")
    assert done.returncode == 0
    assert [words[words.index("--out") + 1][-6:] for words in commands[:2]] == ["gate_3", "gate_4"]


def test_a_segmenter_without_its_teacher_is_told(cook):
    done, commands = cook("unet")
    assert done.returncode == 1 and commands == []
    assert "Run training/recipes/gate.sh first" in done.stderr


def test_further_words_reach_every_training(cook):
    _, commands = cook("gate", MORE="--epochs 1 --set views=4")
    assert {(s.epochs, s.views) for s in settings_of(commands)} == {(1, 4)}
