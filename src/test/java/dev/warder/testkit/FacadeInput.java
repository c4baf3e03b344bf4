package dev.warder.testkit;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** An input as {@link Facades} gives it to the application; as thread-safe as the container's. */
final class FacadeInput extends ServletInputStream {
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
