package dev.warder.container;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * The input of a server that {@linkplain Container#reportsEndEarly reports the end early}. This input is finished when
 * nothing is left to read, and an early report of the end becomes a report of data.
 *
 * <p>It would be wrong on Tomcat, which counts bytes of the next request as available. As thread-safe as the wrapped
 * input.
 */
final class GrizzlyInput extends ServletInputStream {
    private final ServletInputStream in;

    GrizzlyInput(ServletInputStream in) {
        this.in = in;
    }

    @Override
    public boolean isFinished() {
        try {
            return in.isFinished() && in.available() == 0;
        } catch (IOException lost) {
            return true;
        }
    }

    @Override
    public boolean isReady() {
        return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        in.setReadListener(new ReadListener() {
            @Override
            public void onDataAvailable() throws IOException {
                listener.onDataAvailable();
            }

            @Override
            public void onAllDataRead() throws IOException {
                if (isFinished()) {
                    listener.onAllDataRead();
                } else {
                    listener.onDataAvailable();
                }
            }

            @Override
            public void onError(Throwable cause) {
                listener.onError(cause);
            }
        });
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public int read() throws IOException {
        return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
    }
}
