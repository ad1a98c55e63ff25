#!/usr/bin/env bash
# Runs the INT8 networks on an emulated 64-bit ARM processor and compares them with this machine.
#
#   benchmarks/arm/emulate.sh [FOLDER]     FOLDER (default work/arm) keeps what it downloads
#
# Needs Debian 12 (its Python is 3.11), a virtual environment (`make tools`) and Debian's and
# PyPI's packages; no root, unless qemu-user is to be installed. Emulation tells whether the
# results are right, not how fast a real board is. The result goes to benchmarks/arm/latest.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(realpath -m "${1:-work/arm}")
models=${MODELS:-saved_model}
root=$folder/root
python=.venv/bin/python
mkdir -p "$folder"

# A package tree of its own, so that the system's list of architectures stays as it is.
apt_arm() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 \
    -o Dir::State="$folder/apt" -o Dir::State::status="$folder/apt/status" \
    -o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User=root "$@"
}

if [ ! -x "$root/usr/bin/python3.11" ]; then
  mkdir -p "$folder"/apt/lists/partial "$folder"/apt/cache/archives/partial "$folder/debs" "$root"
  touch "$folder/apt/status"
  apt_arm update
  (cd "$folder/debs" && apt_arm download libc6 libgcc-s1 libstdc++6 zlib1g libexpat1 libffi8 \
    libssl3 libbz2-1.0 liblzma5 libcrypt1 libuuid1 \
    libpython3.11-minimal libpython3.11-stdlib python3.11-minimal)
  for package in "$folder"/debs/*.deb; do dpkg-deb -x "$package" "$root"; done
fi

# LiteRT's threads ask /proc/cpuinfo which ARM core they run on; qemu looks under -L first.
mkdir -p "$root/proc"
for core in 0 1 2 3; do
  printf 'processor\t: %s\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd evtstrm crc32 cpuid\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0xd08\nCPU revision\t: 3\n\n' $core
done > "$root/proc/cpuinfo"

if [ ! -d "$root/site/ai_edge_litert" ]; then
  # backports.strenum 1.3.1 bars Python 3.11; the interpreter needs neither it nor the rest.
  versions=$(grep -E '^(ai-edge-litert|numpy)==' requirements-edge.txt)
  if command -v uv >/dev/null; then
    uv pip install --quiet --target "$root/site" --python-version 3.11 \
      --python-platform aarch64-manylinux_2_28 --no-deps --only-binary :all: $versions
  else
    "$python" -m pip install --quiet --target "$root/site" --python-version 3.11 --no-deps \
      --platform manylinux_2_27_aarch64 --platform manylinux_2_28_aarch64 \
      --only-binary :all: $versions
  fi
fi

if ! command -v qemu-aarch64 >/dev/null; then
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qemu-user >/dev/null
  else
    echo "qemu-aarch64 is missing: sudo apt-get install qemu-user"; exit 1
  fi
fi

"$python" -m training.benchmark.arm_proof --models "$models" prepare "$folder/pictures.npz"
"$python" benchmarks/arm/run_network.py --models "$models" \
  --pictures "$folder/pictures.npz" --out "$folder/host.npz"
PYTHONPATH=$root/site qemu-aarch64 -cpu cortex-a72 -L "$root" "$root/usr/bin/python3.11" \
  benchmarks/arm/run_network.py --models "$models" --threads 1 \
  --pictures "$folder/pictures.npz" --out "$folder/arm.npz"
"$python" -m training.benchmark.arm_proof --models "$models" compare "$folder/host.npz" "$folder/arm.npz"
echo "Write the tables anew: fracturelens benchmark --tables-only"
