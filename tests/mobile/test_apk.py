"""The Android package: signed, small, without any permission, complete."""

import shutil
import subprocess
from zipfile import ZipFile

import pytest

from important_variables import ROOT
from tests.helpers.missing import skip_unless_ci

TOOLS = ("apktool", "aapt", "apksigner", "zipalign", "keytool")
LARGEST = 15_000_000


@pytest.fixture(scope="module")
def apk(site, tmp_path_factory):
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        skip_unless_ci(f"{', '.join(missing)} missing: `make apk` installs them on Debian")
    path = tmp_path_factory.mktemp("apk") / "fracturelens.apk"
    subprocess.run([ROOT / "mobile/android/build.sh", site, path], check=True, timeout=600)
    return path


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_it_asks_for_no_permission(apk):
    told = said("aapt", "dump", "badging", apk)
    assert "package: name='org.fracturelens.app'" in told
    assert "sdkVersion:'26'" in told
    assert "uses-permission" not in told


def test_it_is_signed_and_small(apk):
    assert "Verified using v2 scheme (APK Signature Scheme v2): true" in said(
        "apksigner", "verify", "--verbose", apk
    )
    assert apk.stat().st_size < LARGEST


def test_it_holds_the_exported_files_as_they_are(apk, site):
    left_out = {"_headers", "service_worker.js"}
    with ZipFile(apk) as package:
        for path in (path for path in site.rglob("*") if path.is_file()):
            name = path.relative_to(site).as_posix()
            if name in left_out or "threaded" in name:
                continue
            assert package.read(f"assets/web/{name}") == path.read_bytes()
