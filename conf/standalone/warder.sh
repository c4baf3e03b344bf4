#!/bin/sh
# Starts Warder alone with the JVM's flags, see README.md: warder.sh [options of java -jar warder.war]
#   WARDER_WAR        the WAR (/opt/warder/warder.war)
#   WARDER_HEAP       the largest heap (512m)
#   WARDER_ARCHIVE    file for the archive of loaded classes, made at the first stop; unset = none
#   WARDER_JAVA_OPTS  more flags of the JVM, separated by blanks; the last one counts
#   JAVA_HOME         which Java; unset = the one in PATH
war=${WARDER_WAR:-/opt/warder/warder.war}
java=java
[ -n "$JAVA_HOME" ] && java=$JAVA_HOME/bin/java

# One archive for each WAR and each Java: another one would be refused at each start.
archive=
if [ -n "$WARDER_ARCHIVE" ]; then
    stamp=$(ls -lL "$war" "$(command -v "$java")" | cksum | cut -d ' ' -f 1)
    file=$WARDER_ARCHIVE.$stamp
    # A start that fails, for a setting say, leaves an archive of few classes, a tenth as large.
    [ -n "$(find "$file" -size -4096k 2>/dev/null)" ] && rm -f "$file"
    if [ -f "$file" ]; then
        archive="-XX:SharedArchiveFile=$file -Xlog:cds=off -Xlog:cds+dynamic=off"
    else
        rm -f "$WARDER_ARCHIVE".*
        archive="-XX:ArchiveClassesAtExit=$file -Xlog:cds=off -Xlog:cds+dynamic=off"
    fi
fi

# The C library keeps a pool of freed memory for each of up to eight times as many arenas as there are cores.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
# shellcheck disable=SC2086
exec "$java" -Xms128m -Xmx"${WARDER_HEAP:-512m}" -Xmn32m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError \
    -XX:-UsePerfData -XX:InlineSmallCode=1200 $archive $WARDER_JAVA_OPTS -jar "$war" "$@"
