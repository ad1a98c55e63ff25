"""Starts a Ray cluster of several nodes on this machine, each of which may be killed."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.processes import kill_tree
from tests.helpers.ray_head import set_token

CODE = """
import sys
from ray.cluster_utils import Cluster
cluster, store = Cluster(), {"object_store_memory": 80_000_000}
cluster.add_node(num_cpus=0, include_dashboard=False, temp_dir=sys.argv[1], **store)
for _ in range(int(sys.argv[2])):
    cluster.add_node(num_cpus=1, **store)
print(cluster.address, flush=True)
for line in sys.stdin:
    cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
    print("killed", flush=True)
"""


class Nodes:
    """A cluster in a process of its own: Ray keeps what it knows of one for as long as it runs.

    Attributes:
        address: of its head.
    """

    def __init__(self, process):
        self._process = process
        self.address = process.stdout.readline().strip()

    def kill_one(self):
        self._process.stdin.write("kill\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "killed\n"


@contextmanager
def ray_nodes(folder, patch, nodes=2):
    """Runs a head without cores, and nodes of one core each, until the block ends.

    Args:
        folder: of the token and the log.
        patch: a pytest.MonkeyPatch, which tells this process and the cluster of each other.
        nodes: besides the head.
    """
    set_token(folder, patch)
    temporary = Path("/tmp") / f"ray-nodes-{os.getpid()}"  # a socket's name is short
    with (folder / "nodes.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, str(temporary), str(nodes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder,
        )  # fmt: skip
        try:
            yield Nodes(process)
        finally:
            kill_tree(process.pid)
            process.communicate()
            shutil.rmtree(temporary, ignore_errors=True)
