package dev.warder.admin.request;

import dev.warder.http.AsyncResponse;
import dev.warder.http.SmallBody;
import dev.warder.principal.api.ApiTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the body of a request to a resource below {@code /admin/api}. */
public final class ApiBody implements SmallBody.Reader {
    private static final SmallBody.Limits NONE = new SmallBody.Limits(0, 1 << 20);
    private static final SmallBody.Limits OBJECT = new SmallBody.Limits(64 * 1024, 1 << 20);

    /** {@code policy.file} of the largest size, and {@code clients.file}. */
    private static final SmallBody.Limits FILES = new SmallBody.Limits(12 << 20, 16 << 20);

    private final Consumer<Optional<String>> then;
    private final AsyncResponse response;

    private ApiBody(Consumer<Optional<String>> then, AsyncResponse response) {
        this.then = then;
        this.response = response;
    }

    /**
     * Reads a request, inside {@code service}.
     *
     * @param isAdmitted whether the caller may send anything
     * @param then receives the text: empty text without a body, none if the body is too long
     */
    public static void read(
            HttpServletRequest request,
            ApiTarget target,
            boolean isAdmitted,
            AsyncResponse response,
            Consumer<Optional<String>> then)
            throws IOException {
        if (SmallBody.isSent(request)) {
            var limits = target instanceof ApiTarget.Import ? FILES : OBJECT;
            SmallBody.read(request, response.reading(), isAdmitted ? limits : NONE, new ApiBody(then, response));
        } else {
            then.accept(Optional.of(""));
        }
    }

    @Override
    public void read(Optional<byte[]> body) {
        then.accept(body.map(bytes -> new String(bytes, StandardCharsets.UTF_8)));
    }

    @Override
    public void lost(Throwable cause) {
        response.lost(cause);
    }
}
