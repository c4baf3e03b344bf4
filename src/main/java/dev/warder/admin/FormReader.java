package dev.warder.admin;

import dev.warder.http.Form;
import dev.warder.http.SmallBody;
import dev.warder.json.JsonTree;
import jakarta.json.JsonString;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the form of a request, or a flat JSON object in place of one. */
public final class FormReader {
    private static final int USUAL = 16 * 1024;

    private static final int OF_STRANGERS = 4 * 1024;

    /** A definition of 64 Ki characters; each may have nine bytes in a form. */
    private static final int LONG = 640 * 1024;

    private FormReader() {}

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
     * Reads the body that this request has, by its header fields. To be called inside {@code service}. The form is an empty one if
     * the body is neither a form nor JSON, and none if it is too long or malformed.
     */
    static Function<Optional<byte[]>, Optional<Form>> of(HttpServletRequest request) {
        String type = SmallBody.isSent(request)
                ? String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT)
                : "";
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return body -> body.map(FormReader::text).flatMap(Form::parse);
        }
        return type.startsWith("application/json")
                ? body -> body.map(FormReader::text).flatMap(FormReader::members)
                : body -> Optional.of(Form.NONE);
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private static Optional<Form> members(String text) {
        return JsonTree.parseWholeDistinctObject(text)
                .filter(object -> object.values().stream().allMatch(JsonString.class::isInstance))
                .map(object -> new Form(object.keySet().stream()
                        .collect(Collectors.toMap(name -> name, name -> JsonTree.text(object, name)))));
    }
}
