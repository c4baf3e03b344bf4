package dev.warder.container;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * The input of GlassFish and Payara, which is finished, and reports all data as read, once the last byte was received,
 * though none may have been read (7.0.21, 6.2025.10). Here it is finished when nothing is left to be read, and the early
 * report is one of data.
 *
 * <p>Not for every container: Tomcat counts bytes of the next request as available. As thread-safe as the input below.
 */
public final class GrizzlyInput extends ServletInputStream {
    private final ServletInputStream in;

    private GrizzlyInput(ServletInputStream in) {
        this.in = in;
    }

    /**
     * The input as the servlet specification has it.
     *
     * @param serverInfo what the container calls itself
     */
    public static ServletInputStream mend(ServletInputStream in, String serverInfo) {
        return serverInfo.contains("GlassFish") || serverInfo.contains("Payara") ? new GrizzlyInput(in) : in;
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
