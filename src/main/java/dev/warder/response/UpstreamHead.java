package dev.warder.response;

import dev.warder.http.Field;
import dev.warder.http.FieldSyntax;
import dev.warder.http.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NameValuePair;
import org.jspecify.annotations.Nullable;

/** Reads the head of a response as HttpCore has it. */
final class UpstreamHead {
    private UpstreamHead() {}

    /** @param toHead whether the request's method is HEAD */
    static ResponseHead of(HttpResponse response, @Nullable EntityDetails content, boolean toHead) {
        var named = Fields.namedByConnection(Arrays.stream(response.getHeaders("connection"))
                .map(NameValuePair::getValue)
                .toList());
        var fields = new ArrayList<Field>();
        for (var header : response.getHeaders()) {
            if (FieldSyntax.isToken(header.getName()) && Fields.goesDown(header.getName(), named)) {
                String value = header.getValue() == null ? "" : header.getValue();
                fields.add(new Field(header.getName(), FieldSyntax.forwardable(value)));
            }
        }
        String coding = Arrays.stream(response.getHeaders("content-encoding"))
                .map(header -> header.getValue().strip().toLowerCase(Locale.ROOT))
                .filter(value -> !value.equals("identity"))
                .collect(Collectors.joining(","));
        return new ResponseHead(
                response.getCode(),
                fields,
                content != null ? content.getContentLength() : toHead ? declaredLength(response) : -1,
                coding,
                ResponseHead.isEventStream(content == null ? null : content.getContentType()));
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
