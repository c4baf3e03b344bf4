package dev.warder.standalone;

import dev.warder.json.JsonText;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One JSON object a line, for {@code log.format=json}: {@code time} (UTC), {@code level}, {@code logger}, and the fields of the
 * access log, or {@code message} and {@code thrown}.
 */
final class JsonFormatter extends Formatter {
    private static final String ACCESS = "dev.warder.access";

    @Override
    public String format(LogRecord entry) {
        var line = new StringBuilder(400);
        line.append("{\"time\":\"").append(entry.getInstant()).append("\",\"level\":\"");
        line.append(entry.getLevel().getName()).append("\",\"logger\":");
        line.append(JsonText.quote(String.valueOf(entry.getLoggerName()))).append(',');
        String message = String.valueOf(formatMessage(entry));
        if (ACCESS.equals(entry.getLoggerName()) && message.startsWith("{")) {
            return line.append(message, 1, message.length())
                    .append(System.lineSeparator())
                    .toString();
        }
        line.append("\"message\":").append(JsonText.quote(message));
        if (entry.getThrown() != null) {
            line.append(",\"thrown\":").append(JsonText.quote(LineFormatter.stackTrace(entry.getThrown())));
        }
        return line.append('}').append(System.lineSeparator()).toString();
    }
}
