"""One table of commands; own errors are told in a sentence, not as a traceback."""

from importlib import import_module

import pytest

from command_line import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert name in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_run_by_its_module(name):
    module = import_module(COMMANDS[name][0])
    assert callable(module.run) and callable(module.add_arguments)


def test_help_lists_the_commands_and_the_notice(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)
    assert "not a medical device" in text


def test_own_errors_are_told(tmp_path, capsys):
    assert main(["train", "unet", "--data", str(tmp_path)]) == 1
    assert "command_line.py download" in capsys.readouterr().err
