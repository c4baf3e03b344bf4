package dev.warder.record;

import dev.warder.http.Dialect;
import dev.warder.http.Route;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.Basis;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line for each request to {@code dev.warder.access}, at INFO. Requests for health, and unless they
 * are refused for metrics and for the panels of the overview page, are logged at FINE, because they come all the time. A
 * line holds no content, and no value of a header
 * field but the names that the client has for its session and its agent. Thread-safe.
 */
public final class AccessLog implements RequestObserver {
    private static final Logger LOG = Logger.getLogger("dev.warder.access");
    private static final List<String> USAGE =
            List.of("input", "write5m", "write1h", "read", "output", "searches", "cost", "usage");
    private static final long NANOS = 1_000_000_000;
    private static final int WORD_LIMIT = 128;
    private static final int PATH_LIMIT = 512;

    private final boolean json;

    /** Null while a thread writes into it: another one makes its own. */
    private final AtomicReference<@Nullable StringBuilder> spare = new AtomicReference<>();

    public AccessLog(LogSettings.Format format) {
        json = format == LogSettings.Format.JSON;
    }

    @Override
    public void completed(CompletedRequest request) {
        var level = isRoutine(request) ? Level.FINE : Level.INFO;
        if (LOG.isLoggable(level)) {
            log(level, line(request));
        }
    }

    private static boolean isRoutine(CompletedRequest request) {
        var route = request.call().route();
        boolean served = request.end() == RequestEnd.OK;
        return route == Route.HEALTH
                || served && (route == Route.METRICS || request.path().equals("/admin/panels"));
    }

    /**
     * Sets the source class and method itself: the logging framework would walk the stack for them, at the cost of half
     * an exchange.
     */
    private static void log(Level level, String text) {
        var line = new LogRecord(level, text);
        line.setLoggerName(LOG.getName());
        line.setSourceClassName(AccessLog.class.getName());
        line.setSourceMethodName("completed");
        LOG.log(line);
    }

    private String line(CompletedRequest request) {
        var taken = spare.getAndSet(null);
        var text = taken == null ? new StringBuilder(512) : taken;
        text.setLength(0);
        new Line(text, json).of(request);
        String line = text.toString();
        spare.set(text);
        return line;
    }

    /**
     * The fields of one line, each with its name, or the members of a JSON object with the same names. A field whose value is
     * unknown is {@code -}, and left out of the object.
     *
     * @param text holds what was written before
     */
    private record Line(StringBuilder text, boolean json) {
        void of(CompletedRequest request) {
            var call = request.call();
            var first = request.timeToFirstByte();
            word("id", call.id());
            word("client", request.client());
            word("dialect", call.dialect() == Dialect.OPENAI ? "openai" : "anthropic");
            word("method", call.method());
            word("path", request.path(), PATH_LIMIT);
            word("model", request.model());
            word("credential", request.credential().map(used -> used.name() + "/" + used.kind()));
            number("status", request.status().orElse(-1));
            number("in", request.bytesIn());
            number("out", request.bytesOut());
            number("ttfb", first.isEmpty() ? -1 : first.get().toMillis());
            number("total", request.time().toMillis());
            word("end", request.end().word());
            number("tries", request.tries().size());
            word("upstream", request.upstreamRequestId());
            word("session", request.conversation().session());
            word("agent", request.conversation().agent());
            usage(request.usage());
            text.append(json ? "}" : "");
        }

        /** The consumption and cost of a request, from the rows of all its tries. */
        private void usage(List<UsageRow> rows) {
            if (rows.isEmpty()) {
                USAGE.forEach(this::unknown);
                return;
            }
            var counts = UsageCounts.NONE;
            long nanos = 0;
            for (var row : rows) {
                counts = counts.plus(row.consumption().counts());
                nanos += Math.min(row.cost().nanos(), Long.MAX_VALUE - nanos);
            }
            number("input", counts.input());
            number("write5m", counts.writes().fiveMinutes());
            number("write1h", counts.writes().oneHour());
            number("read", counts.read());
            number("output", counts.output());
            number("searches", counts.webSearches());
            // The sum of what was rounded up for each row, as a ledger has it.
            begin("cost");
            text.append(nanos / NANOS).append('.');
            int digits = text.length();
            text.append(NANOS + nanos % NANOS).deleteCharAt(digits);
            word("usage", basis(rows));
        }

        private static String basis(List<UsageRow> rows) {
            String found = "assumed";
            for (var row : rows) {
                var basis = row.cost().basis();
                if (basis == Basis.ESTIMATED || basis == Basis.HELD) {
                    return basis.name().toLowerCase(Locale.ROOT);
                }
                found = basis == Basis.REPORTED ? "reported" : found;
            }
            return found;
        }

        private void number(String name, long value) {
            if (value < 0) {
                unknown(name);
            } else {
                begin(name);
                text.append(value);
            }
        }

        private void word(String name, Optional<String> value) {
            word(name, value.orElse(""));
        }

        private void word(String name, String value) {
            word(name, value, WORD_LIMIT);
        }

        private void word(String name, String value, int limit) {
            if (value.isEmpty()) {
                unknown(name);
                return;
            }
            begin(name);
            quote();
            int end = Math.min(value.length(), limit);
            for (int i = 0; i < end; i++) {
                clean(value.charAt(i));
            }
            quote();
        }

        /** Escapes a character that could forge a second line, a second field or a terminal's command; JSON has that escape too. */
        private void clean(char c) {
            if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '$') {
                text.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else if (c == '"' && json) {
                text.append("\\\"");
            } else {
                text.append(c);
            }
        }

        private void unknown(String name) {
            if (!json) {
                begin(name);
                text.append('-');
            }
        }

        private void begin(String name) {
            boolean first = text.length() == 0;
            if (json) {
                text.append(first ? "{\"" : ",\"").append(name).append("\":");
            } else {
                text.append(first ? "" : " ").append(name).append('=');
            }
        }

        private void quote() {
            text.append(json ? "\"" : "");
        }
    }
}
