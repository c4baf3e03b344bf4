package dev.warder.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** {@code GET /admin/api/openapi.json}: the OpenAPI 3.1 document of everything below {@code /admin/api}. Thread-safe. */
final class ApiDescription {
    private static final String TEXT = read();

    private ApiDescription() {}

    static AdminReply reply() {
        return new AdminReply(200, "application/json", List.of(), TEXT);
    }

    private static String read() {
        try (InputStream file = ApiDescription.class.getResourceAsStream("openapi.json")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
