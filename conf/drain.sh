#!/bin/sh
# Drains a node before its server is stopped: drain.sh FILE URL && STOP
#   FILE  what drain.file names
#   URL   where Warder is on this machine, such as http://127.0.0.1:8080/warder
# WARDER_UNLIST seconds (10) are for the front end to take the node out. Then it returns when no exchange is open, after
# WARDER_DRAIN seconds (310, for timeouts.drain is 300 s) at the latest, or when Warder has not answered five times.
file=$1
url=$2
silent=0
touch "$file" || exit 1
sleep "${WARDER_UNLIST:-10}"
end=$(($(date +%s) + ${WARDER_DRAIN:-310}))
left=${WARDER_DRAIN:-310}
while [ "$left" -gt 0 ] && [ "$silent" -lt 5 ]; do
    case $(curl -s -m $((left < 5 ? left : 5)) "$url/health/ready") in
    *'"openExchanges":0}'* | *'"openExchanges":0,'*) exit 0 ;;
    *'"openExchanges":'*) silent=0 ;;
    *) silent=$((silent + 1)) ;;
    esac
    sleep 1
    left=$((end - $(date +%s)))
done
