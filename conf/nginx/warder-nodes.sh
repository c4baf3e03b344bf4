#!/bin/sh
# Asks each node of the list whether it is ready, and marks it "down" for nginx while it is not. README.md says why.
list=${WARDER_NODES:-/etc/nginx/warder-nodes.conf}
reload=${WARDER_RELOAD:-nginx -s reload}
pause=${WARDER_PAUSE:-2}

ready() {
    test "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://$1/health/ready")" = 200
}

while :; do
    fresh=$(sed -n 's/^server \([^ ;]*\).*/\1/p' "$list" | while read -r node; do
        if ready "$node"; then down=''; else down=' down'; fi
        echo "server $node max_fails=3 fail_timeout=5s$down;"
    done)
    if [ "$fresh" != "$(cat "$list")" ] && echo "$fresh" | grep -qv ' down;'; then
        echo "$fresh" > "$list.new" && mv "$list.new" "$list" && $reload
    fi
    sleep "$pause"
done
