#!/bin/sh
# Starts Warder as "java -jar warder.war extract FOLDER" has unpacked it here.
#   warder.sh [options of java -jar warder.war]
#   warder.sh train    makes the cache of classes now and ends, in the build of an image say
#   WARDER_HEAP        the largest heap (512m)
#   WARDER_CACHE       folder for the cache of classes, made at the first stop where it may be written
#                      (the folder cache beside this script); empty = none
#   WARDER_JAVA_OPTS   more flags of the JVM, separated by blanks; the last one counts
#   JAVA_HOME          which Java; unset = the one in PATH
here=$(dirname "$(readlink -f "$0")")
jar=$here/warder.jar
java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") || { echo "warder: no java in PATH or JAVA_HOME" >&2; exit 2; }
release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
cache=${WARDER_CACHE-$here/cache}
[ "$1" = train ] && train=yes && set -- --demo --warm --port=0

# The C library keeps a pool of freed memory for each of up to eight times as many arenas as there are cores.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"

set -- -jar "$jar" "$@"
case $(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" 2>/dev/null) in
    1[7-9] | 2[0-4]) use=-XX:SharedArchiveFile= make=-XX:ArchiveClassesAtExit= quiet="-Xlog:cds=off -Xlog:cds+dynamic=off" ;;
    2[5-9] | [3-9]?) use=-XX:AOTCache= make=-XX:AOTCacheOutput= quiet="-Xlog:cds=off -Xlog:aot=off" ;;
    *) cache= quiet= ;;
esac
# Commands do not train, and an agent could not.
case $3 in --help | --version | -h | [!-]*) make= ;; esac
case $WARDER_JAVA_OPTS in *-javaagent* | *-agent*) make= ;; esac
# The cache is code: only this user and root may have made it, and nobody else may replace it.
own() {
    ls -ldn "$1" 2>/dev/null | {
        read -r mode links uid rest
        case $mode in ?????w* | ????????w* | "") exit 1 ;; esac
        [ -O "$1" ] || [ "$uid" = 0 ]
    }
}
if [ -n "$cache" ] && [ -d "$cache" ] && ! own "$cache/"; then
    echo "warder: the cache $cache is not used: others may write to it" >&2
    cache=
fi
if [ -n "$cache" ]; then
    # One file for each Warder and each Java, which refuses one that was made for jars of other dates.
    dates=$(stat -c %Y "$jar" "$here"/l*/*.jar 2>/dev/null || stat -f %m "$jar" "$here"/l*/*.jar)
    file=$cache/classes.$({ echo "$dates"; cat "$release" "$jar"; } | cksum | cut -d ' ' -f 1)
    # A start that fails, for a setting say, leaves a small file.
    [ -n "$(find "$file" -size -16384k 2>/dev/null)" ] && rm -f "$file" 2>/dev/null
    if [ -f "$file" ] && own "$file"; then
        set -- "$use$file" "$@"
    elif [ -n "$make" ] && (umask 022 && mkdir -p "$cache") 2>/dev/null && [ -w "$cache" ]; then
        rm -f "$cache"/classes.[0-9]*
        set -- "$make$file" "$@"
    fi
fi

# shellcheck disable=SC2086
set -- "$java" -Xms128m -Xmx"${WARDER_HEAP:-512m}" -Xmn32m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError \
    -XX:-UsePerfData -XX:InlineSmallCode=1200 $quiet $WARDER_JAVA_OPTS "$@"
[ -n "$train" ] || exec "$@"

if [ -z "$cache" ] || ! [ -w "$cache" ] && ! [ -f "$file" ]; then
    echo "warder: train: no cache can be made, see the head of $0" >&2
    exit 2
fi
[ -f "$file" ] && exit
log=$(mktemp)
"$@" >"$log" &
until grep -q ^Warder "$log" || ! kill -0 $! 2>/dev/null; do sleep 0.2; done
kill $! 2>/dev/null
wait $!
ended=$?
rm -f "$log"
[ $ended = 143 ] && [ -f "$file" ]
