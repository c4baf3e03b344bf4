package dev.warder.testkit;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request as {@link Facades} gives it to the application; as thread-safe as the container's. */
final class FacadeRequest extends HttpServletRequestWrapper {
    private final HttpServletRequest real;
    private final FacadeResponse response;
    private final FacadeWatch watch;
    private @Nullable ServletInputStream in;
    private @Nullable AsyncContext async;

    FacadeRequest(HttpServletRequest real, FacadeResponse response, FacadeWatch watch) {
        super(watch.watched("request", HttpServletRequest.class, real));
        this.real = real;
        this.response = response;
        this.watch = watch;
    }

    /** For containers, which look for their own object. */
    @Override
    public ServletRequest getRequest() {
        return real;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        var opened = super.getInputStream();
        if (in == null) {
            in = new FacadeInput(opened, watch);
        }
        return in;
    }

    /** The application sees the wrappers in the context, too. */
    @Override
    public AsyncContext startAsync() {
        watch.use("request.startAsync");
        var started = FacadeAsync.of(real.startAsync(this, response), watch);
        async = started;
        return started;
    }

    @Override
    public AsyncContext getAsyncContext() {
        var started = async;
        return started == null ? super.getAsyncContext() : started;
    }
}
