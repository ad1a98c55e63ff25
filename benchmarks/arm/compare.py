"""Compares two files of run_network.py: passes where no output is off by more than one step."""

import sys

import numpy as np

STEP = 1 / 256  # scale of an INT8 probability


def main(first: str, second: str) -> int:
    """Prints the largest difference of each network; returns 1 where one is over a step."""
    worst = 0.0
    with np.load(first) as here, np.load(second) as there:
        for name in here.files:
            difference = np.abs(here[name] - there[name])
            worst = max(worst, float(difference.max()))
            equal = 100 * np.mean(difference == 0)
            sys.stdout.write(
                f"{name}: {equal:.4f} % of {difference.size:,} outputs equal, largest difference "
                f"{difference.max() / STEP:.2f} steps\n"
            )
    return int(worst > STEP)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
