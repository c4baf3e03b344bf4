package dev.warder.testkit;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A response as {@link Facades} gives it to the application; as thread-safe as the container's. */
final class FacadeResponse extends HttpServletResponseWrapper {
    private final HttpServletResponse real;
    private final FacadeWatch watch;
    private @Nullable ServletOutputStream out;

    FacadeResponse(HttpServletResponse real, FacadeWatch watch) {
        super(watch.watched("response", HttpServletResponse.class, real));
        this.real = real;
        this.watch = watch;
    }

    /** For containers, which look for their own object. */
    @Override
    public ServletResponse getResponse() {
        return real;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        var opened = super.getOutputStream();
        if (out == null) {
            out = new FacadeOutput(opened, watch);
        }
        return out;
    }
}
