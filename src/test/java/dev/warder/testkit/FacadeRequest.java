package dev.warder.testkit;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
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

    /** An input as {@link Facades} gives it to the application; as thread-safe as the container's. */
    private static final class FacadeInput extends ServletInputStream {
        private final ServletInputStream real;
        private final FacadeWatch watch;

        FacadeInput(ServletInputStream real, FacadeWatch watch) {
            this.real = real;
            this.watch = watch;
        }

        @Override
        public boolean isReady() {
            return watch.stream("in.isReady", real::isReady);
        }

        @Override
        public boolean isFinished() {
            return watch.stream("in.isFinished", real::isFinished);
        }

        @Override
        public void setReadListener(ReadListener listener) {
            watch.use("in.setReadListener");
            real.setReadListener(new Listener(listener, watch));
            watch.used("in.setReadListener");
        }

        @Override
        public int available() throws IOException {
            return watch.stream("in.available", real::available);
        }

        @Override
        public int read() throws IOException {
            return watch.<Integer, IOException>stream("in.read", real::read);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return watch.stream("in.read", () -> real.read(buffer, offset, length));
        }

        @Override
        public void close() throws IOException {
            watch.use("in.close");
            real.close();
        }

        /** What the container calls. */
        private record Listener(ReadListener real, FacadeWatch watch) implements ReadListener {
            @Override
            public void onDataAvailable() throws IOException {
                watch.callback("read.onDataAvailable", real::onDataAvailable);
            }

            @Override
            public void onAllDataRead() throws IOException {
                watch.callback("read.onAllDataRead", real::onAllDataRead);
            }

            @Override
            public void onError(Throwable cause) {
                watch.plainCallback("read.onError", () -> real.onError(cause));
            }
        }
    }
}
