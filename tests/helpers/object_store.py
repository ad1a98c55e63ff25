"""An S3 server of this machine, for tests: moto, in an environment of its own."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.missing import skip_unless_ci
from tests.helpers.serving import free_port, wait_for_health

PYTHON = Path(sys.prefix) / "moto" / "bin" / "python"
"""`make test-all` puts it there."""


@contextmanager
def object_store(folder, patch):
    """Runs the server until the block ends, and tells this process and its children of it.

    Args:
        folder: of its log.
        patch: a pytest.MonkeyPatch.
    """
    if not PYTHON.exists():
        skip_unless_ci("moto is missing: `make test-all` installs it")
    url = f"http://127.0.0.1:{free_port()}"
    words = [str(PYTHON), "-m", "moto.server", "-H", "127.0.0.1", "-p", url.rpartition(":")[2]]
    patch.setenv("AWS_ENDPOINT_URL", url)
    patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    log = folder / "store.log"
    with log.open("w") as file:
        server = subprocess.Popen(words, stdout=file, stderr=file, cwd=folder)
        try:
            wait_for_health(f"{url}/moto-api/", server, log)
            yield url
        finally:
            server.kill()
            server.wait()


def put_films(url, bucket, films):
    """Makes a bucket and puts files into it, by key."""
    from pyarrow.fs import S3FileSystem

    files = S3FileSystem(endpoint_override=url, allow_bucket_creation=True)
    files.create_dir(bucket)
    for key, data in films.items():
        with files.open_output_stream(f"{bucket}/{key}") as stream:
            stream.write(data)
    return files
