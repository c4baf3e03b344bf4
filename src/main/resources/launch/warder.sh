#!/bin/sh
# Starts Warder as "java -jar warder.war extract FOLDER" has unpacked it here.
#   warder.sh [options of java -jar warder.war]
#   warder.sh train    makes the cache of classes now and ends, in the build of an image say
#   WARDER_HEAP        the largest heap (512m)
#   WARDER_CACHE       folder for the cache of classes, made at the first stop where it may be written
#                      (the folder cache beside this script); empty = none
#   WARDER_JAVA_OPTS   more flags of the JVM, separated by blanks; the last one counts
#   JAVA_HOME          which Java; unset = the one in PATH
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
jar=$here/warder.jar
java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") || { echo "warder: no java in PATH or JAVA_HOME" >&2; exit 2; }
release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
cache=${WARDER_CACHE-$here/cache}

# The C library keeps a pool of freed memory for each of up to eight times as many arenas as there are cores.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
flags="-Xms128m -Xmx${WARDER_HEAP:-512m} -Xmn32m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
    -XX:-UsePerfData -XX:InlineSmallCode=1200"

# One file for each Warder and each Java: another one would be refused at each start.
caching=
if [ -n "$cache" ] && [ -r "$release" ]; then
    file=$cache/classes.$(cat "$release" "$jar" | cksum | cut -d ' ' -f 1)
    case $(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release") in
        1? | 2[0-4]) quiet="-Xlog:cds=off -Xlog:cds+dynamic=off" use=-XX:SharedArchiveFile= make=-XX:ArchiveClassesAtExit= ;;
        *) quiet="-Xlog:cds=off -Xlog:aot=off" use=-XX:AOTCache= make=-XX:AOTCacheOutput= ;;
    esac
    # A start that fails, for a setting say, leaves a small file, and a copy of the folder has new dates, which Java refuses.
    [ -n "$(find "$file" -size -16384k 2>/dev/null)$(find "$jar" "$here/lib" -newer "$file" 2>/dev/null)" ] &&
        rm -f "$file" 2>/dev/null
    if [ -f "$file" ]; then
        caching="$quiet $use$file"
    elif mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ]; then
        rm -f "$cache"/classes.*
        caching="$quiet $make$file"
    fi
fi

# shellcheck disable=SC2086
if [ "$1" = train ]; then
    [ -f "$file" ] && exit
    log=$(mktemp)
    "$java" $flags $caching $WARDER_JAVA_OPTS -jar "$jar" --demo --warm --port=0 >"$log" &
    until grep -q ^Warder "$log" || ! kill -0 $! 2>/dev/null; do sleep 0.2; done
    kill $! 2>/dev/null
    wait $!
    rm -f "$log"
    [ -f "$file" ]
    exit
fi
# shellcheck disable=SC2086
exec "$java" $flags $caching $WARDER_JAVA_OPTS -jar "$jar" "$@"
