#!/usr/bin/env bash
# Trains the published U-Net, stage by stage. A run that was stopped goes on where it was.
#
#   STAGES   receives every stage (default work/stages), and holds those of gate.sh
#   MODELS   receives the network, ready to be used (default work/models)
#   MORE     further words for each `fracturelens train`
set -euo pipefail
cd "$(dirname "$0")/../.."
. training/recipes/stages.sh

gate2=$(model_of gate 2) gate3=$(model_of gate 3) gate4=$(model_of gate 4)
require "$gate4" gate.sh
earlier=(--set crop_views=2560 --set average_momentum=0.99)

stage unet 1
stage unet 2 "${earlier[@]}" --epochs 40 --set crop_epochs=30 --set positive_share=0.6
stage unet 3 "${earlier[@]}" --epochs 25 --set crop_epochs=19 --set positive_share=0.6 \
  --teacher "$gate2"
stage unet 4 "${earlier[@]}" --epochs 18 --set crop_epochs=15 --teacher "$gate2" --copy-paste 0.3
stage unet 5 "${earlier[@]}" --epochs 15 --set crop_epochs=13 --teacher "$gate3" \
  --copy-paste 0.3 --simulated-fractures 0.3
stage unet 6 "${earlier[@]}" --epochs 30 --set crop_epochs=28 --teacher "$gate3" \
  --copy-paste 0.3 --simulated-fractures 0.5
stage unet 7 --epochs 28 --set average_momentum=0.99 --teacher "$gate4" \
  --copy-paste 0.3 --simulated-fractures 0.5 --enlargement 2
stage unet 8 --epochs 12 --set average_momentum=0.99 --teacher "$gate4" \
  --copy-paste 0.3 --simulated-fractures 0.5 --enlargement 2 --learning-rate 5e-4 --seed 2
publish "$stages/unet_8" unet 2
