package dev.warder.proxy;

import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.http.OwnAnswer;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * The head of the upstream's answer as the client will see it.
 *
 * @param status as it came
 * @param fields the fields that travel end to end, in their order
 * @param contentLength the declared length of the body in bytes, negative when none is declared
 * @param eventStream whether the body is an event stream that can be read, that is without a content coding
 */
record AnswerHead(int status, List<Field> fields, long contentLength, boolean eventStream) {
    /** Containers take 16 KiB: Jetty as it comes, Tomcat by {@code conf/tomcat}. The rest is for what they add. */
    private static final int LARGEST = 15 * 1024;

    AnswerHead {
        fields = List.copyOf(fields);
    }

    static AnswerHead of(HttpResponse response, @Nullable EntityDetails content, boolean toHead) {
        var named = Fields.namedByConnection(Arrays.stream(response.getHeaders("connection"))
                .map(NameValuePair::getValue)
                .toList());
        var fields = new ArrayList<Field>();
        for (var header : response.getHeaders()) {
            if (Fields.goesDown(header.getName(), named)) {
                fields.add(new Field(header.getName(), header.getValue() == null ? "" : header.getValue()));
            }
        }
        boolean coded = response.containsHeader("content-encoding");
        return new AnswerHead(
                response.getCode(),
                fields,
                content != null ? content.getContentLength() : toHead ? declaredLength(response) : -1,
                content != null && !coded && isEventStream(content.getContentType()));
    }

    /** Whether this is a redirect, which no client of the API expects and which could carry a credential elsewhere. */
    boolean isRedirect() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** Whether no container would take the head, so that the answer cannot be used. */
    boolean isTooLarge() {
        int size = 0;
        for (var field : fields) {
            size += field.name().length() + field.value().length() + 4;
        }
        return size > LARGEST;
    }

    /** Writes the head; the response must not be committed. */
    void writeTo(HttpServletResponse response, String requestId) {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        if (eventStream) {
            response.setHeader("X-Accel-Buffering", "no");
        }
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            if (isFirst(i)) {
                response.setHeader(field.name(), field.value());
            } else {
                response.addHeader(field.name(), field.value());
            }
        }
        if (contentLength >= 0) {
            response.setContentLengthLong(contentLength);
        }
        response.setHeader(OwnAnswer.REQUEST_ID, requestId);
    }

    /** Whether no field before that at {@code index} has its name: the first replaces what the container has put. */
    private boolean isFirst(int index) {
        String name = fields.get(index).name();
        for (var earlier : fields.subList(0, index)) {
            if (earlier.name().equalsIgnoreCase(name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEventStream(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().equalsIgnoreCase("text/event-stream");
    }

    private static long declaredLength(HttpResponse response) {
        var length = response.getFirstHeader("content-length");
        try {
            return length == null ? -1 : Long.parseLong(length.getValue().strip());
        } catch (NumberFormatException odd) {
            return -1;
        }
    }
}
