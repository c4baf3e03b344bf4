package dev.warder.testkit;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
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

    /** An output as {@link Facades} gives it to the application; as thread-safe as the container's. */
    private static final class FacadeOutput extends ServletOutputStream {
        private final ServletOutputStream real;
        private final FacadeWatch watch;

        FacadeOutput(ServletOutputStream real, FacadeWatch watch) {
            this.real = real;
            this.watch = watch;
        }

        @Override
        public boolean isReady() {
            return watch.stream("out.isReady", real::isReady);
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            watch.use("out.setWriteListener");
            real.setWriteListener(new Listener(listener, watch));
            watch.used("out.setWriteListener");
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            watch.stream("out.write", () -> {
                real.write(bytes, offset, length);
                return length;
            });
        }

        @Override
        public void flush() throws IOException {
            watch.stream("out.flush", () -> {
                real.flush();
                return 0;
            });
        }

        @Override
        public void close() throws IOException {
            watch.use("out.close");
            real.close();
        }

        /** What the container calls. */
        private record Listener(WriteListener real, FacadeWatch watch) implements WriteListener {
            @Override
            public void onWritePossible() throws IOException {
                watch.callback("write.onWritePossible", real::onWritePossible);
            }

            @Override
            public void onError(Throwable cause) {
                watch.plainCallback("write.onError", () -> real.onError(cause));
            }
        }
    }
}
