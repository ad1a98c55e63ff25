# What the recipes share: where their stages lie, and how one is trained. Sourced, not run.

stages=${STAGES:-work/stages}
models=${MODELS:-work/models}
PATH=$PATH:$PWD/.venv/bin

# stage NETWORK NUMBER [WORD...]: trains a stage from the one before; nothing where it is done.
stage() {
  local network=$1 number=$2 folder=$stages/$1_$2
  shift 2
  if [ -f "$folder/$network/card.json" ]; then return; fi
  local words=(--workdir "$folder" --out "$folder")
  if [ "$number" -gt 1 ]; then words+=(--start "$(model_of "$network" $((number - 1)))"); fi
  # shellcheck disable=SC2206  # MORE holds several words
  words+=("$@" ${MORE:-})
  fracturelens train "$network" "${words[@]}"
}

# model_of NETWORK NUMBER: the file of a trained stage.
model_of() {
  echo "$stages/$1_$2/$1/model.keras"
}

# int8_of NETWORK NUMBER: makes the INT8 file of a trained stage, which a gate may learn from.
int8_of() {
  local folder=$stages/$1_$2
  if [ -f "$folder/$1/model_int8.tflite" ]; then return; fi
  fracturelens calibrate --names "$1" --models "$folder"
  fracturelens quantize "$1" --epochs 0 --models "$folder"
}

# require FILE RECIPE: stops where a file is missing that another recipe makes.
require() {
  if [ ! -f "$1" ]; then
    echo "$1 is missing. Run training/recipes/$2 first." >&2
    exit 1
  fi
}

# publish FOLDER NETWORK EPOCHS: copies a network to the models, chooses its thresholds and makes
# its INT8 file, with so many epochs of quantization-aware training.
publish() {
  mkdir -p "$models/$2"
  cp "$1/$2/model.keras" "$1/$2/history.csv" "$1/$2/card.json" "$models/$2/"
  fracturelens calibrate --names "$2" --models "$models"
  fracturelens quantize "$2" --epochs "$3" --models "$models"
}
