#!/usr/bin/env bash
# Builds the documentation into artifacts/docs/site; a broken link, reference or comment is an error. With --serve, shows it at http://localhost:8080.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dotnet tool restore
# The assemblies with all that they refer to, and the documentation that the compiler writes beside them.
dotnet build -c Release tests/MlNetMlp.Architecture.Tests
rm -rf artifacts/docs
dotnet docfx docs/docfx.json --warningsAsErrors "$@"
