#!/usr/bin/env bash
# Install the advisor of the action's own checkout, far from the files of the pull request.
set -euo pipefail

refuse() {
  echo "::error title=advisor gate::$1"
  exit 2
}

[ "${RUNNER_OS:-Linux}" != Windows ] || refuse "The action runs on Linux and macOS runners."

folder=$(mktemp -d "$RUNNER_TEMP/advisor-gate.XXXXXX")
# Python looks for modules in the working directory and in PYTHONPATH first: neither may be the
# checkout's. -I says so to one process, the rest to those that pip starts.
cd "$folder"
unset PYTHONPATH PYTHONHOME
"$GATE_PYTHON" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  refuse "Python 3.11 or newer is needed. Use actions/setup-python before, or the input python."
"$GATE_PYTHON" -I -m venv venv
venv/bin/python -I -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH" ||
  refuse "pip could not install the advisor; its words are above."
echo "folder=$folder" >> "$GITHUB_OUTPUT"
