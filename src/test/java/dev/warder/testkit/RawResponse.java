package dev.warder.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A whole answer as a client got it. Immutable; thread-safe. */
public final class RawResponse {
    private final RawHead head;
    private final byte[] body;
    private final List<Field> trailers;
    private final boolean truncated;

    RawResponse(RawHead head, byte[] body, List<Field> trailers, boolean truncated) {
        this.head = head;
        this.body = body;
        this.trailers = trailers;
        this.truncated = truncated;
    }

    /** The status code. */
    public int status() {
        return head.status();
    }

    /** The field lines of the head in order. */
    public FieldList fields() {
        return head.fields();
    }

    /** The decoded body as far as it came. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The trailer fields. */
    public FieldList trailers() {
        return new FieldList(trailers);
    }

    /** Whether the connection ended before the body did. */
    public boolean truncated() {
        return truncated;
    }

    /** The same answer with these bytes, which were read before, in front of its body. */
    public RawResponse after(byte[] begin) {
        var whole = Arrays.copyOf(begin, begin.length + body.length);
        System.arraycopy(body, 0, whole, begin.length, body.length);
        return new RawResponse(head, whole, trailers, truncated);
    }

    @Override
    public String toString() {
        return head.raw() + text() + (truncated ? "[truncated]" : "");
    }
}
