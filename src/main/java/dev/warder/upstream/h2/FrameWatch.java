package dev.warder.upstream.h2;

import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.config.H2Param;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.impl.nio.H2StreamListener;

/**
 * Reads frames that HttpCore 5.4.4 does not expose: how many streams the upstream accepts, and which number a stream
 * has. It also reads how far the upstream got before it goes away; HttpCore then fails none of its streams. It
 * distinguishes a refused stream from a connection that ended with the same code. Called by the connection's reactor
 * thread.
 */
final class FrameWatch implements H2StreamListener {
    private static final int SETTING_BYTES = 6;

    private final SharedConnection connection;

    FrameWatch(SharedConnection connection) {
        this.connection = connection;
    }

    @Override
    public void onFrameInput(HttpConnection http, int streamId, RawFrame frame) {
        if (frame.isType(FrameType.SETTINGS) && !frame.isFlagSet(FrameFlag.ACK)) {
            connection.settings(mostStreams(frame));
        } else if (frame.isType(FrameType.GOAWAY)) {
            var payload = frame.getPayload();
            if (payload != null && payload.remaining() >= Integer.BYTES) {
                connection.goesAway(payload.getInt() & Integer.MAX_VALUE);
            }
        } else if (frame.isType(FrameType.RST_STREAM)) {
            var payload = frame.getPayload();
            if (payload != null
                    && payload.remaining() == Integer.BYTES
                    && payload.getInt() == H2Error.REFUSED_STREAM.getCode()) {
                connection.refuses(streamId);
            }
        }
    }

    @Override
    public void onHeaderOutput(HttpConnection http, int streamId, List<? extends Header> headers) {
        connection.numbered(streamId);
    }

    @Override
    public void onHeaderInput(HttpConnection http, int streamId, List<? extends Header> headers) {}

    @Override
    public void onFrameOutput(HttpConnection http, int streamId, RawFrame frame) {}

    @Override
    public void onInputFlowControl(HttpConnection http, int streamId, int delta, int actualSize) {}

    @Override
    public void onOutputFlowControl(HttpConnection http, int streamId, int delta, int actualSize) {}

    /** SETTINGS_MAX_CONCURRENT_STREAMS, negative when the frame does not contain it (RFC 9113, section 6.5). */
    private static long mostStreams(RawFrame frame) {
        long most = -1;
        var payload = frame.getPayload();
        while (payload != null && payload.remaining() >= SETTING_BYTES) {
            int name = payload.getShort();
            long value = Integer.toUnsignedLong(payload.getInt());
            if (name == H2Param.MAX_CONCURRENT_STREAMS.getCode()) {
                most = value;
            }
        }
        return most;
    }
}
