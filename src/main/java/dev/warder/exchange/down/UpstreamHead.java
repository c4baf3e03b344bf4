package dev.warder.exchange.down;

import dev.warder.http.Field;
import dev.warder.http.FieldSyntax;
import dev.warder.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Reads the head of a response as HttpCore has it. */
final class UpstreamHead {
    private UpstreamHead() {}

    /** @param toHead whether the request's method is HEAD */
    static ResponseHead of(HttpResponse response, @Nullable EntityDetails content, boolean toHead) {
        var named = Fields.namedByConnection(values(response, "connection"));
        var fields = new ArrayList<Field>();
        for (var header : response.getHeaders()) {
            if (FieldSyntax.isToken(header.getName()) && Fields.goesDown(header.getName(), named)) {
                String value = header.getValue() == null ? "" : header.getValue();
                fields.add(new Field(header.getName(), FieldSyntax.forwardable(value)));
            }
        }
        return new ResponseHead(
                response.getCode(),
                fields,
                content != null ? content.getContentLength() : toHead ? declaredLength(response) : -1,
                coding(response),
                ResponseHead.isEventStream(content == null ? null : content.getContentType()));
    }

    private static List<String> values(HttpResponse response, String name) {
        var values = new ArrayList<String>();
        for (var header : response.getHeaders(name)) {
            values.add(header.getValue() == null ? "" : header.getValue());
        }
        return values;
    }

    private static String coding(HttpResponse response) {
        var codings = values(response, "content-encoding");
        codings.replaceAll(value -> value.strip().toLowerCase(Locale.ROOT));
        codings.removeIf("identity"::equals);
        return String.join(",", codings);
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
