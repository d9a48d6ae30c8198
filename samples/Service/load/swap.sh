#!/usr/bin/env bash
# Puts one of two models after the other in service, every three seconds, while something else sends requests; and says every minute what the
# service counts and how much memory it has. ADMIN_KEY is the service's Admin:Key.
#     ADMIN_KEY=... samples/Service/load/swap.sh http://localhost:5000 path/to/served/model.zip first.zip second.zip SECONDS
set -euo pipefail
address=$1 served=$2 first=$3 second=$4 seconds=$5

report() {
    curl -sf -H "Authorization: Bearer $ADMIN_KEY" "$address/metrics" | awk -v time="$SECONDS" '
        /^http_server_request_duration_seconds_count.*"\/score"/ { match($0, /status_code="[0-9]+"/); counts = counts " " substr($0, RSTART, RLENGTH) "=" $2 }
        /^mlnetmlp_service_model_swaps_total/ { match($0, /outcome="[a-z]+"/); counts = counts " " substr($0, RSTART, RLENGTH) "=" $2 }
        /^dotnet_process_memory_working_set_bytes/ { resident = $2 }
        /^dotnet_gc_last_collection_heap_size_bytes/ { heap += $2 }
        END { printf "%4d s  resident %.1f MiB, heap after the last collection %.1f MiB %s\n", time, resident / 1048576, heap / 1048576, counts }'
}

SECONDS=0 next=0
report
while ((SECONDS < seconds)); do
    cp "$first" "$served.new" && mv "$served.new" "$served" # as a whole, which is how a file should be replaced
    sleep 3
    cp "$second" "$served.new" && mv "$served.new" "$served"
    sleep 3
    if ((SECONDS >= next + 60)); then
        next=$SECONDS
        report
    fi
done
report
