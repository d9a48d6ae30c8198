#!/usr/bin/env bash
# Three silo processes on this machine, a search or a training on them, and the end of the silos: search|train [--epochs 4]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

dotnet build -c Release samples/Cluster
cluster=(dotnet exec artifacts/bin/Cluster/release/Cluster.dll)
silos=()
trap 'kill "${silos[@]}" 2>/dev/null || true; wait' EXIT
for number in 0 1 2; do
    CLUSTER_SILO=$number "${cluster[@]}" silo &
    silos+=($!)

    # With localhost clustering, the others ask the first one.
    sleep 4
done

"${cluster[@]}" "${@:-search}"
