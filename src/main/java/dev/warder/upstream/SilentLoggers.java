package dev.warder.upstream;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * HttpClient's own logs of fields and bytes, which would contain credentials and prompts. They stay off at any level of
 * their parents. They are held here because the logging framework itself keeps no logger.
 */
public final class SilentLoggers {
    private static final List<Logger> ALL = Stream.of(
                    "org.apache.hc.client5.http.headers",
                    "org.apache.hc.client5.http.wire",
                    // Logs the beginning of a malformed response, which may be an echo of the request.
                    "org.apache.hc.client5.http.impl.async")
            .map(Logger::getLogger)
            .toList();

    private SilentLoggers() {}

    public static void silence() {
        ALL.forEach(logger -> logger.setLevel(Level.OFF));
    }
}
