package dev.warder.exchange.down;

import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.http.OwnResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of the upstream's response as the client will see it.
 *
 * @param status as it came
 * @param fields the fields that travel end to end, in their order; the list does not change
 * @param contentLength the declared length of the body in bytes, negative when none is declared
 * @param coding the content coding of the body in lower case, empty when there is none
 * @param eventStream whether the body, once it is decoded, is an event stream
 */
public record ResponseHead(int status, List<Field> fields, long contentLength, String coding, boolean eventStream) {
    /** Containers take 16 KiB: Jetty as it comes, Tomcat by {@code conf/tomcat}. The rest is for what they add. */
    private static final int LARGEST = 15 * 1024;

    private static final String EVENT_STREAM = "text/event-stream";

    /**
     * The fields, in addition to {@code Content-*}, that describe one representation (RFC 9110, section 8.8, and RFC 9530), its
     * location, or who may store it: what the client gets depends on its own fields, so that no cache may serve it to another.
     */
    private static final List<String> OF_CONTENT = List.of(
            "etag",
            "last-modified",
            "accept-ranges",
            "repr-digest",
            "digest",
            "location",
            "vary",
            "cache-control",
            "expires",
            "age");

    /** The fields that identify the bytes of the content, or state how to request a part of it (RFC 9110, RFC 9530). */
    private static final List<String> OF_BYTES =
            List.of("etag", "last-modified", "accept-ranges", "content-md5", "content-digest", "repr-digest", "digest");

    public boolean isReadableStream() {
        return eventStream && coding.isEmpty();
    }

    /** Whether it is one of unknown length, to which something may be added. */
    public boolean isOpenStream() {
        return isReadableStream() && contentLength < 0;
    }

    boolean isJson() {
        String type = field("content-type").map(ResponseHead::mediaType).orElse("");
        return type.equals("application/json") || type.endsWith("+json");
    }

    boolean isSuccessful() {
        return status >= 200 && status < 300;
    }

    public Optional<String> field(String name) {
        return Fields.find(fields, name);
    }

    /** The head of the same response once its content is decoded: of unknown length. */
    ResponseHead decoded() {
        return new ResponseHead(status, fields, -1, "", eventStream);
    }

    /** The head of the same response once its content is edited: of unknown length, and without what identifies its bytes. */
    ResponseHead edited() {
        var kept = new ArrayList<>(fields);
        kept.removeIf(field -> Fields.isAny(field.name(), OF_BYTES));
        return new ResponseHead(status, kept, -1, coding, eventStream);
    }

    ResponseHead asStream(List<Field> added) {
        return new ResponseHead(status, translated(EVENT_STREAM + ";charset=utf-8", added), -1, "", true);
    }

    ResponseHead asWhole(int newStatus, String contentType, long length, List<Field> added) {
        return new ResponseHead(newStatus, translated(contentType, added), length, "", false);
    }

    private List<Field> translated(String contentType, List<Field> added) {
        var kept = new ArrayList<Field>();
        for (var field : fields) {
            String name = field.name();
            if (isMissing(name, added) && !Fields.startsWith(name, "content-") && !Fields.isAny(name, OF_CONTENT)) {
                kept.add(field);
            }
        }
        kept.add(new Field("Content-Type", contentType));
        kept.addAll(added);
        return kept;
    }

    /**
     * The head of the same response with fields of Warder itself, which replace those of the same names. Without them if the
     * response is no successful one, or if no container would take the head with them.
     */
    public ResponseHead with(List<Field> added) {
        if (added.isEmpty() || !isSuccessful()) {
            return this;
        }
        var kept = new ArrayList<Field>(fields.size() + added.size());
        fields.stream().filter(field -> isMissing(field.name(), added)).forEach(kept::add);
        kept.addAll(added);
        var head = new ResponseHead(status, kept, contentLength, coding, eventStream);
        return head.isTooLarge() ? this : head;
    }

    private static boolean isMissing(String name, List<Field> from) {
        return from.stream().noneMatch(field -> field.name().equalsIgnoreCase(name));
    }

    /** Whether this is a redirect, which no client of the API expects and which could carry a credential elsewhere. */
    public boolean isRedirect() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** Whether the status is outside the range of final status codes (RFC 9110, section 15). */
    public boolean isInvalid() {
        return status < 200 || status > 599;
    }

    /** Whether the head alone makes the response unusable, so that its content is not waited for. */
    public boolean isUnusable() {
        return isRedirect() || isInvalid() || isTooLarge();
    }

    /** Whether no container would take the head, so that the response cannot be used. */
    public boolean isTooLarge() {
        int size = 0;
        for (var field : fields) {
            size += field.name().length() + field.value().length() + 4;
        }
        return size > LARGEST;
    }

    /** @param measured whether the length of the body is announced, if it is known */
    public void writeTo(HttpServletResponse response, String requestId, boolean measured) {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        if (isReadableStream()) {
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
        if (measured && contentLength >= 0) {
            response.setContentLengthLong(contentLength);
        }
        response.setHeader(OwnResponse.REQUEST_ID, requestId);
    }

    /** Whether no field before that at {@code index} has its name: the first replaces what the container has put. */
    private boolean isFirst(int index) {
        String name = fields.get(index).name();
        for (int i = 0; i < index; i++) {
            if (fields.get(i).name().equalsIgnoreCase(name)) {
                return false;
            }
        }
        return true;
    }

    public static boolean isEventStream(@Nullable String contentType) {
        return contentType != null && mediaType(contentType).equals(EVENT_STREAM);
    }

    private static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }
}
