#!/bin/sh
# Reads completed documents at least once, with redis-cli or valkey-cli alone.
#
# usage: subscribe.sh GROUP [HOST [PORT]]
#
# Prints the JSON of each event on a line of its own and then acknowledges it. Any number of
# copies may run with the same GROUP: they share the events. What a copy that was killed held
# comes again after RECLAIM_MS. NAMESPACE, BATCH, RECLAIM_MS and REDIS_CLI are variables of the
# environment; REDISCLI_AUTH is the password.
set -u
group=$1
cli="${REDIS_CLI:-redis-cli} -h ${2:-localhost} -p ${3:-6379}"
stream="${NAMESPACE:-fanmill}:document.processed"
consumer="$(hostname)-$$"
batch=${BATCH:-100}

# Put the work here. Whatever fails is not acknowledged and comes again.
handle() {
    printf '%s\n' "$2"
}

# Read lines of redis-cli: the id of an entry, the name of its field, its JSON.
entries() {
    while IFS= read -r id; do
        case $id in
        [0-9]*-[0-9]*) ;;
        *) continue ;; # the name of the stream, or an empty reply
        esac
        IFS= read -r field && IFS= read -r json || break
        # Behind the entries of XAUTOCLAIM are the ids of those that were removed.
        [ "$field" = event ] || break
        # The list of removed entries is not read, so that nothing here waits for it.
        handle "$id" "$json" && $cli XACK "$stream" "$group" "$id" >/dev/null </dev/null
    done
}

while :; do
    # An error reply means that the group exists; a failure, that the server is away.
    $cli XGROUP CREATE "$stream" "$group" 0 MKSTREAM >/dev/null 2>&1 || { sleep 1 && continue; }
    # Take over what others got and did not acknowledge; the first line is a cursor.
    $cli XAUTOCLAIM "$stream" "$group" "$consumer" "${RECLAIM_MS:-60000}" 0-0 COUNT "$batch" |
        { IFS= read -r cursor && entries; }
    # Wait a second for new ones.
    $cli XREADGROUP GROUP "$group" "$consumer" COUNT "$batch" BLOCK 1000 STREAMS "$stream" '>' |
        entries
done
