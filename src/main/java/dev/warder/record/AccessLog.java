package dev.warder.record;

import dev.warder.http.Dialect;
import dev.warder.http.Route;
import dev.warder.json.JsonText;
import dev.warder.usage.UsageCost.Basis;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageRow;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Writes one line for each request to {@code dev.warder.access}, at INFO. Requests for health, and unless they
 * are refused for metrics and for the panels of the overview page, are logged at FINE, because they come all the time. A
 * line holds no content, and no value of a header
 * field but the names that the client has for its session and its agent. Thread-safe.
 */
public final class AccessLog implements RequestObserver {
    private static final Logger LOG = Logger.getLogger("dev.warder.access");
    private static final String UNKNOWN = "-";
    private static final String PANELS = "/admin/panels";
    private static final Set<String> NUMBERS =
            Set.of("status in out ttfb total tries input write5m write1h read output searches cost".split(" "));
    private static final String NO_USAGE = " input=- write5m=- write1h=- read=- output=- searches=- cost=- usage=-";
    private static final int NANO_DIGITS = 9;
    private static final int WORD_LIMIT = 128;
    private static final int PATH_LIMIT = 512;

    private final boolean json;

    public AccessLog(LogSettings.Format format) {
        json = format == LogSettings.Format.JSON;
    }

    @Override
    public void completed(CompletedRequest request) {
        var level = isRoutine(request) ? Level.FINE : Level.INFO;
        if (LOG.isLoggable(level)) {
            String line = line(request);
            log(level, json ? json(line) : line);
        }
    }

    private static boolean isRoutine(CompletedRequest request) {
        var route = request.call().route();
        boolean served = request.end() == RequestEnd.OK;
        return route == Route.HEALTH
                || served && (route == Route.METRICS || request.path().equals(PANELS));
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

    private static String line(CompletedRequest request) {
        var call = request.call();
        return "id=" + call.id()
                + " client=" + optional(request.client())
                + " dialect=" + (call.dialect() == Dialect.OPENAI ? "openai" : "anthropic")
                + " method=" + word(call.method())
                + " path=" + clean(request.path(), PATH_LIMIT)
                + " model=" + optional(request.model())
                + " credential="
                + request.credential()
                        .map(used -> used.name() + "/" + used.kind())
                        .orElse(UNKNOWN)
                + " status="
                + (request.status().isEmpty() ? UNKNOWN : request.status().getAsInt())
                + " in=" + request.bytesIn()
                + " out=" + request.bytesOut()
                + " ttfb="
                + request.timeToFirstByte()
                        .map(Duration::toMillis)
                        .map(String::valueOf)
                        .orElse(UNKNOWN)
                + " total=" + request.time().toMillis()
                + " end=" + request.end().word()
                + " tries=" + request.tries().size()
                + " upstream=" + optional(request.upstreamRequestId())
                + " session=" + optional(request.conversation().session())
                + " agent=" + optional(request.conversation().agent())
                + usage(request.usage());
    }

    private static String optional(Optional<String> text) {
        return text.map(AccessLog::word).orElse(UNKNOWN);
    }

    private static String word(String text) {
        return clean(text, WORD_LIMIT);
    }

    /**
     * Cuts the text, and escapes characters that could forge a second line, a second field of the line, or a terminal's
     * command.
     */
    private static String clean(String text, int limit) {
        if (text.length() <= limit && !text.isEmpty() && isPlain(text)) {
            return text;
        }
        var clean = new StringBuilder(Math.min(text.length(), limit));
        for (int i = 0; i < text.length() && i < limit; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                clean.append(c);
            } else {
                clean.append(String.format("\\u%04x", (int) c));
            }
        }
        return clean.isEmpty() ? UNKNOWN : clean.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int c) {
        return c > 0x20 && c < 0x7f && c != '\\' && c != '$';
    }

    /**
     * The line as a JSON object with the same names. Fields whose value is unknown are left out. A text keeps the line's
     * escapes, which are also those of JSON.
     */
    private static String json(String line) {
        var json = new StringBuilder(line.length() + 160).append('{');
        for (String field : line.split(" ")) {
            int end = field.indexOf('=');
            String name = field.substring(0, end);
            String value = field.substring(end + 1);
            if (!value.equals(UNKNOWN)) {
                json.append(json.length() == 1 ? "" : ",")
                        .append(JsonText.quote(name))
                        .append(':');
                json.append(NUMBERS.contains(name) ? value : '"' + value.replace("\"", "\\\"") + '"');
            }
        }
        return json.append('}').toString();
    }

    /** The fields of the consumption and cost of a request, from the rows of all its tries. */
    private static String usage(List<UsageRow> rows) {
        if (rows.isEmpty()) {
            return NO_USAGE;
        }
        var text = new StringBuilder(120);
        count(text, " input=", rows, UsageCounts::input);
        count(text, " write5m=", rows, counts -> counts.writes().fiveMinutes());
        count(text, " write1h=", rows, counts -> counts.writes().oneHour());
        count(text, " read=", rows, UsageCounts::read);
        count(text, " output=", rows, UsageCounts::output);
        count(text, " searches=", rows, UsageCounts::webSearches);
        return text.append(" cost=")
                .append(cost(rows))
                .append(" usage=")
                .append(basis(rows))
                .toString();
    }

    private static void count(StringBuilder text, String name, List<UsageRow> rows, ToLongFunction<UsageCounts> kind) {
        long sum = 0;
        for (var row : rows) {
            sum += kind.applyAsLong(row.consumption().counts());
        }
        text.append(name).append(sum);
    }

    /** The sum of what was rounded up for each row, as a ledger has it, in dollars. */
    private static String cost(List<UsageRow> rows) {
        var sum = BigDecimal.ZERO;
        for (var row : rows) {
            sum = sum.add(BigDecimal.valueOf(row.cost().nanos(), NANO_DIGITS));
        }
        return sum.toPlainString();
    }

    private static String basis(List<UsageRow> rows) {
        String found = "assumed";
        for (var row : rows) {
            if (row.cost().basis() == Basis.ESTIMATED) {
                return "estimated";
            }
            found = row.cost().basis() == Basis.REPORTED ? "reported" : found;
        }
        return found;
    }
}
