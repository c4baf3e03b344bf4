package dev.warder.admin;

import dev.warder.http.AsyncResponse;
import dev.warder.http.Form;
import dev.warder.http.SmallBodies;
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

/** Reads the form of a request, or a flat JSON object in place of one. */
public final class FormReader {
    private static final int USUAL = 16 * 1024;

    private static final int OF_STRANGERS = 4 * 1024;

    /** A definition of 64 Ki characters; each may have nine bytes in a form. */
    private static final int LONG = 640 * 1024;

    private FormReader() {}

    /** How the body is read. */
    private enum Kind {
        FORM,
        JSON,
        OTHER
    }

    /**
     * The bytes of the longest form.
     *
     * @param isAdmitted whether it is an administrator's
     * @param isLong whether one of an administrator may hold a definition
     */
    public static int longest(boolean isAdmitted, boolean isLong) {
        if (!isAdmitted) {
            return OF_STRANGERS;
        }
        return isLong ? LONG : USUAL;
    }

    /**
     * Reads a request, inside {@code service}.
     *
     * @param response the response to it, which has begun; it ends if the form cannot be read because the client broke
     *     off
     * @param then receives the form: an empty one if the body is neither, none if the form is too long or malformed
     */
    public static void read(
            HttpServletRequest request, SmallBodies.Kept kept, AsyncResponse response, Consumer<Optional<Form>> then)
            throws IOException {
        var kind = SmallBody.isSent(request) ? kind(request) : Kind.OTHER;
        kept.read(request, response, body -> then.accept(form(kind, body)));
    }

    private static Optional<Form> form(Kind kind, Optional<byte[]> body) {
        return switch (kind) {
            case FORM -> body.map(FormReader::text).flatMap(Form::parse);
            case JSON -> body.map(FormReader::text).flatMap(FormReader::members);
            case OTHER -> Optional.of(Form.NONE);
        };
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

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
