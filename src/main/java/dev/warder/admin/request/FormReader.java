package dev.warder.admin.request;

import dev.warder.http.AsyncResponse;
import dev.warder.http.Form;
import dev.warder.http.SmallBody;
import dev.warder.json.JsonTree;
import jakarta.json.JsonString;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads the form of a request, or a flat JSON object in place of one; bytes beyond its limit are discarded, up to 1 MiB.
 */
public final class FormReader implements SmallBody.Reader {
    private static final SmallBody.Limits USUAL = new SmallBody.Limits(16 * 1024, 1 << 20);

    /** A definition of 64 Ki characters; each may have nine bytes in a form. */
    private static final SmallBody.Limits LONG = new SmallBody.Limits(640 * 1024, 1 << 20);

    private final Kind kind;
    private final Consumer<Optional<Form>> then;
    private final AsyncResponse response;

    /** How the body is read. */
    private enum Kind {
        FORM,
        JSON,
        OTHER
    }

    private FormReader(Kind kind, Consumer<Optional<Form>> then, AsyncResponse response) {
        this.kind = kind;
        this.then = then;
        this.response = response;
    }

    /**
     * Reads a request, inside {@code service}.
     *
     * @param isLong whether it may have 640 KiB, and not only 16
     * @param response the response to it, which has begun; it ends if the form cannot be read because the client broke
     *     off
     * @param then receives the form: an empty one if the body is neither, none if the form is too long or malformed
     */
    public static void read(
            HttpServletRequest request, boolean isLong, AsyncResponse response, Consumer<Optional<Form>> then)
            throws IOException {
        if (SmallBody.isSent(request)) {
            var reader = new FormReader(kind(request), then, response);
            SmallBody.read(request, response.reading(), isLong ? LONG : USUAL, reader);
        } else {
            then.accept(Optional.of(Form.NONE));
        }
    }

    @Override
    public void read(Optional<byte[]> body) {
        then.accept(
                switch (kind) {
                    case FORM -> body.map(FormReader::text).flatMap(Form::parse);
                    case JSON -> body.map(FormReader::text).flatMap(FormReader::members);
                    case OTHER -> Optional.of(Form.NONE);
                });
    }

    @Override
    public void lost(Throwable cause) {
        response.lost(cause);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The members of an object; all must be strings. */
    private static Optional<Form> members(String text) {
        return JsonTree.parseWholeDistinctObject(text)
                .filter(object -> object.values().stream().allMatch(JsonString.class::isInstance))
                .map(object -> new Form(object.keySet().stream()
                        .collect(Collectors.toMap(name -> name, name -> JsonTree.text(object, name)))));
    }

    private static Kind kind(HttpServletRequest request) {
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return Kind.FORM;
        }
        return type.startsWith("application/json") ? Kind.JSON : Kind.OTHER;
    }
}
