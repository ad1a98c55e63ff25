#!/usr/bin/env bash
# Trains the published gate, stage by stage. A run that was stopped goes on where it was.
#
#   STAGES   receives every stage (default work/stages)
#   MODELS   receives the network, ready to be used (default work/models)
#   WEIGHTS  ImageNet weights of the backbone: a file, or "imagenet" to download them (default)
#   MORE     further words for each `fracturelens train`
set -euo pipefail
cd "$(dirname "$0")/../.."
. training/recipes/stages.sh

stage gate 1 --weights "${WEIGHTS:-imagenet}"
stage gate 2
stage gate 3 --epochs 13 --learning-rate 4e-4 --start-share 0.5 --copy-paste 0.35 \
  --set positive_share=0.3 --set average_momentum=0.995
stage gate 4 --epochs 18 --learning-rate 3e-4 --start-share 0.5 --copy-paste 0.2 \
  --simulated-fractures 0.4 --set positive_share=0.3 --set average_momentum=0.995
int8_of gate 4
stage gate 5 --epochs 24 --learning-rate 3e-4 --start-share 0.3 --copy-paste 0.2 \
  --simulated-fractures 0.4 --exports 0.6 --stretch --teacher "$(model_of gate 4)" \
  --set positive_share=0.3 --set average_momentum=0.995
publish "$stages/gate_5" gate 3
