#!/bin/sh
# Asks each node of the list whether it is ready, and marks it "down" for nginx while it is not. README.md says why.
list=${WARDER_NODES:-/etc/nginx/warder-nodes.conf}
reload=${WARDER_RELOAD:-nginx -s reload}
pause=${WARDER_PAUSE:-2}

ready() {
    test "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://$1/health/ready")" = 200
}

# The list with its other parameters and lines as they are.
marked() {
    while IFS= read -r line; do
        case $line in
        'server '*)
            node=$(echo "$line" | sed 's/^server *\([^ ;]*\).*/\1/')
            up=$(echo "$line" | sed 's/ down;/;/')
            if ready "$node"; then echo "$up"; else echo "$up" | sed 's/;/ down;/'; fi
            ;;
        *) echo "$line" ;;
        esac
    done < "$list"
}

loaded=$(cat "$list")
while :; do
    fresh=$(marked)
    # After a reload that failed the file may hold what nginx never took up, and the node be well again.
    if { [ "$fresh" != "$loaded" ] || [ "$fresh" != "$(cat "$list")" ]; } \
        && echo "$fresh" | grep '^server ' | grep -qv ' down;'; then
        echo "$fresh" > "$list.new" && mv "$list.new" "$list" && $reload && loaded=$fresh
    fi
    sleep "$pause"
done
