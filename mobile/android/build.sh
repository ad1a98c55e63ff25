#!/usr/bin/env bash
# Builds and signs the Android package around an exported folder: build.sh FOLDER APK
#
# Debian's packages alone: apktool, aapt, apksigner, zipalign and a Java runtime.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
site="$(cd "$1" && pwd)"
mkdir -p "$(dirname "$2")"
apk="$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cp -r "$here/AndroidManifest.xml" "$here/apktool.yml" "$here/smali" "$work"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/../../pyproject.toml")"
sed -i "s/VERSION/$version/" "$work/apktool.yml"
mkdir -p "$work/res/mipmap-xxxhdpi" "$work/assets"
cp "$site/icons/icon-192.png" "$work/res/mipmap-xxxhdpi/icon.png"
cp -r "$site" "$work/assets/web"
# Web views have no threads for WebAssembly, and no need of a service worker.
rm -f "$work"/assets/web/runtime/*/*threaded* "$work/assets/web/"{_headers,service_worker.js}

apktool --quiet build "$work" --output "$work/unsigned.apk"
zipalign -f 4 "$work/unsigned.apk" "$work/aligned.apk"

# A key of this machine's own, unless one is named: Android updates an app only by the same key.
key="${PHONE_KEYSTORE:-$(dirname "$apk")/debug.keystore}"
password="${PHONE_KEYSTORE_PASSWORD:-fracturelens}"
[ -f "$key" ] || keytool -genkeypair -keystore "$key" -storepass "$password" -alias fracturelens \
  -keyalg RSA -keysize 3072 -validity 10000 -dname "CN=FractureLens" 2>/dev/null
apksigner sign --ks "$key" --ks-pass "pass:$password" --out "$apk" "$work/aligned.apk"
apksigner verify "$apk"
echo "$apk: $(du -k "$apk" | cut -f1) kB"
