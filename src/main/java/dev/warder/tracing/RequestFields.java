package dev.warder.tracing;

import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The fields of a request, as propagators read them. */
enum RequestFields implements TextMapGetter<HttpServletRequest> {
    GETTER;

    @Override
    public @Nullable String get(@Nullable HttpServletRequest request, String name) {
        return request == null ? null : request.getHeader(name);
    }

    @Override
    public Iterator<String> getAll(@Nullable HttpServletRequest request, String name) {
        return request == null
                ? Collections.emptyIterator()
                : request.getHeaders(name).asIterator();
    }
}
