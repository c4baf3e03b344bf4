#!/usr/bin/env bash
# Runs before Kubernetes stops the container: starts draining and returns when no exchange is open. README.md says why so.
base=${CATALINA_HOME:-/usr/local/tomcat}
port=${WARDER_PORT:-8080}

# Prints what /health/ready says while draining; nothing when there is no such answer.
open_exchanges() {
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return
    printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    IFS= read -r -d '' -t 5 -u 3 answer
    [[ $answer =~ \"openExchanges\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

: > "$base/temp/drain"
sleep "${WARDER_UNLIST:-15}"
silent=0
while (( silent < 5 )); do
    open=$(open_exchanges)
    if [[ $open == 0 ]]; then
        exit
    fi
    [[ -n $open ]] || (( silent += 1 ))
    sleep 1
done
