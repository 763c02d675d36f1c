#!/bin/sh
# The figures by rule that scenarios copy are those that their extracts give.
set -eu
cd "$(dirname "$0")/../.."
scripts/build-andes --check
scripts/build-americas --check
scripts/build-projection --check
echo 'the figures by rule: as derived'
