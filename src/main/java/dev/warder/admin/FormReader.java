package dev.warder.admin;

import dev.warder.http.AsyncResponse;
import dev.warder.http.Form;
import dev.warder.http.SmallBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the form of a request; bytes beyond its limit are discarded, up to 1 MiB. */
final class FormReader implements SmallBody.Reader {
    private static final SmallBody.Limits USUAL = new SmallBody.Limits(16 * 1024, 1 << 20);

    /** A definition of 64 Ki characters; each may have nine bytes in a form. */
    private static final SmallBody.Limits LONG = new SmallBody.Limits(640 * 1024, 1 << 20);

    private final boolean isForm;
    private final Consumer<Optional<Form>> then;
    private final AsyncResponse response;

    private FormReader(boolean isForm, Consumer<Optional<Form>> then, AsyncResponse response) {
        this.isForm = isForm;
        this.then = then;
        this.response = response;
    }

    /**
     * Reads a request, inside {@code service}.
     *
     * @param isLong whether it may have 640 KiB, and not only 16
     * @param response the response to it, which has begun; it ends if the form cannot be read because the client broke
     *     off
     * @param then receives the form: an empty one if the body is not a form, none if the form is too long or malformed
     */
    static void read(HttpServletRequest request, boolean isLong, AsyncResponse response, Consumer<Optional<Form>> then)
            throws IOException {
        if (SmallBody.isSent(request)) {
            var reader = new FormReader(isForm(request), then, response);
            SmallBody.read(request, response.reading(), isLong ? LONG : USUAL, reader);
        } else {
            then.accept(Optional.of(Form.NONE));
        }
    }

    @Override
    public void read(Optional<byte[]> body) {
        then.accept(
                isForm
                        ? body.flatMap(bytes -> Form.parse(new String(bytes, StandardCharsets.UTF_8)))
                        : Optional.of(Form.NONE));
    }

    @Override
    public void lost(Throwable cause) {
        response.lost(cause);
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
    }
}
