#!/usr/bin/env bash
# Trains the published encoder-decoder, stage by stage, and averages the last two of them. A run
# that was stopped goes on where it was.
#
#   STAGES   receives every stage (default work/stages), and holds those of gate.sh
#   MODELS   receives the network, ready to be used (default work/models)
#   MORE     further words for each `fracturelens train`
set -euo pipefail
cd "$(dirname "$0")/../.."
. training/recipes/stages.sh

name=encoder_decoder
gate2=$(model_of gate 2) gate3=$(model_of gate 3) gate4=$(model_of gate 4)
require "$gate4" gate.sh
earlier=(--set crop_views=2560 --set average_momentum=0.99)
enlarged=(--teacher "$gate4" --copy-paste 0.3 --simulated-fractures 0.3 --enlargement 2)

stage $name 1
stage $name 2 "${earlier[@]}" --epochs 16 --set crop_epochs=14 --set positive_share=0.6
stage $name 3 "${earlier[@]}" --epochs 34 --set crop_epochs=26 --set positive_share=0.6
stage $name 4 "${earlier[@]}" --epochs 16 --set positive_share=0.6 --teacher "$gate2"
stage $name 5 "${earlier[@]}" --epochs 11 --teacher "$gate3" \
  --copy-paste 0.3 --simulated-fractures 0.3
stage $name 6 "${enlarged[@]}" --epochs 18 --set average_momentum=0.99
stage $name 7 "${enlarged[@]}" --epochs 14 --set average_momentum=0.99 --learning-rate 7e-4 --seed 2
stage $name 8 "${enlarged[@]}" --epochs 24 --learning-rate 6e-4 --seed 3

mean=$stages/${name}_mean
if [ ! -d "$mean" ]; then
  rm -rf "$mean.draft"
  mkdir -p "$mean.draft"
  cp -r "$stages/${name}_8/$name" "$mean.draft/"
  fracturelens average $name --with "$(model_of $name 7)" --models "$mean.draft"
  mv "$mean.draft" "$mean"
fi
publish "$mean" $name 2
