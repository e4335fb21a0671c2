#!/usr/bin/env bash
# Write the lock files anew from pyproject.toml. Needs uv; run by hand when a dependency changes.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# WhisperX asks for an older torch than the one it is tested with here, and for torchvision and
# triton, which it never imports; so these are settled by hand and WhisperX itself goes in last,
# without its requirements.
cat > "$work/override" <<'TXT'
torch==2.13.0
torchaudio==2.11.0
torchcodec==0.17.0
transformers==4.57.6
huggingface-hub==0.36.2
torchvision; sys_platform == "never"
triton; sys_platform == "never"
TXT
printf 'whisperx==3.8.6\nhatchling\neditables\n' > "$work/in"
lock() {
    uv pip compile -q --universal --python-version 3.11 --override "$work/override" \
        --no-header --no-annotate --no-emit-index-url "$@"
}
header="# Written by scripts/lock.sh; do not edit."

lock pyproject.toml "$work/in" -o "$work/all"
lock pyproject.toml --extra dev --extra postgres "$work/in" -c "$work/all" -o "$work/dev"
lock pyproject.toml <(printf 'hatchling\neditables\n') -c "$work/all" -o "$work/app"

# The CUDA packages of Linux come with whichever torch is installed; a CPU build needs none.
drop='^(nvidia-|cuda-|torchvision|triton|whisperx)'
{ echo "$header"; cat "$work/app"; } > requirements/app.lock
{ echo "$header"; grep -vE "$drop" "$work/all" | grep -vxFf "$work/app"; } > requirements/transcribe.lock
{ echo "$header"; grep -vxFf "$work/all" "$work/dev" | grep -vE "$drop"; } > requirements/dev.lock
{ echo "$header"; grep -E '^whisperx' "$work/all"; } > requirements/without-their-needs.lock
# A test oracle that asks for a scipy of years ago and works with the present one.
{ echo "$header"; echo "irrCAC==0.4.4"; } > requirements/dev-without-their-needs.lock
