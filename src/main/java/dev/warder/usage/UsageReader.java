package dev.warder.usage;

import dev.warder.body.GzipDecoder;
import dev.warder.body.GzipException;
import dev.warder.json.JsonException;
import dev.warder.json.JsonTree;
import dev.warder.json.MemberNames;
import dev.warder.json.MemberValues;
import dev.warder.sse.SelectedEvents;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the usage of one successful response, from an event stream or a whole document, decoded or in gzip. It reads a copy:
 * the response itself is not touched, and a fault of the reading is logged and never thrown. Neither a long event nor a long
 * document ends the reading, and neither is held.
 *
 * <p>Memory: less than 1 KiB between two pieces of an event stream, and with gzip its decoder. One thread at a time.
 */
public final class UsageReader {
    private static final Logger LOG = LoggerFactory.getLogger(UsageReader.class);

    /** The most bytes of an event, or of a document's member, that has usage. No message comes near it. */
    private static final int LARGEST = 1 << 20;

    /** What few bytes of gzip may decode to; more is limited by the length of what came. */
    private static final int LEAST_DECODED = 1 << 20;

    private static final MemberNames MEMBERS = MemberNames.of("type", "model", "stop_reason", "usage");
    private static final byte[] START = ascii("message_start");
    private static final byte[] DELTA = ascii("message_delta");
    private static final byte[] STOP = ascii("message_stop");
    private static final byte[] ERROR = ascii("error");
    private static final byte[] PIECE = ascii("content_block_delta");
    private static final byte[] PIECE_DATA = ascii("{\"type\":\"content_block_delta\"");

    private final TryUsage usage;
    private final Runnable reported;
    private @Nullable SelectedEvents events;
    private @Nullable MemberValues document;
    private @Nullable GzipDecoder gzip;
    private long coded;
    private long decoded;

    /**
     * @param usage receives what is read
     * @param eventStream whether the response, once it is decoded, is an event stream
     * @param coding the content coding in lower case; empty when there is none
     * @param reported is run each time when the response has reported counts
     */
    public UsageReader(TryUsage usage, boolean eventStream, String coding, Runnable reported) {
        this.usage = usage;
        this.reported = reported;
        boolean isGzip = coding.equals("gzip") || coding.equals("x-gzip");
        if (!isGzip && !coding.isEmpty()) {
            usage.unreadable();
            return;
        }
        gzip = isGzip ? new GzipDecoder() : null;
        if (eventStream) {
            usage.isEventStream();
            events = new SelectedEvents(LARGEST, new Events());
        } else {
            document = new MemberValues(MEMBERS, LARGEST);
        }
    }

    /** Reads the next bytes as they came. */
    public void read(byte[] bytes) {
        try {
            readCoded(bytes);
        } catch (RuntimeException fault) {
            giveUp(fault);
        }
    }

    /** The response is whole. */
    public void end() {
        try {
            endCoded();
        } catch (RuntimeException fault) {
            giveUp(fault);
        }
        close();
    }

    private void readCoded(byte[] bytes) {
        var decoder = gzip;
        if (decoder == null) {
            readDecoded(bytes, 0, bytes.length);
            return;
        }
        if (events == null && document == null) {
            return;
        }
        coded += bytes.length;
        try {
            decoder.feed(bytes, 0, bytes.length, this::decoded);
        } catch (GzipException broken) {
            giveUp();
        }
    }

    private void endCoded() {
        var stream = events;
        var whole = document;
        if (gzip != null && !gzip.isWhole()) {
            giveUp();
        } else if (stream != null) {
            stream.end();
        } else if (whole != null) {
            endDocument(whole);
        }
    }

    /** Releases what it holds; nothing is read afterwards. */
    public void close() {
        var decoder = gzip;
        if (decoder != null) {
            decoder.close();
        }
        gzip = null;
        events = null;
        document = null;
    }

    private void decoded(byte[] buffer, int offset, int count) throws GzipException {
        decoded += count;
        if (decoded > Math.max(LEAST_DECODED, GzipDecoder.longest(coded))) {
            throw new GzipException(GzipException.Problem.TOO_LARGE);
        }
        readDecoded(buffer, offset, count);
    }

    private void readDecoded(byte[] bytes, int offset, int count) {
        var stream = events;
        var whole = document;
        if (stream != null) {
            stream.feed(bytes, offset, count);
        } else if (whole != null) {
            try {
                whole.feed(bytes, offset, count);
            } catch (JsonException malformed) {
                giveUp();
            }
        }
    }

    private void endDocument(MemberValues whole) {
        try {
            whole.finish().ifPresentOrElse(this::message, usage::unreadable);
        } catch (JsonException cut) {
            usage.unreadable();
        }
    }

    private void message(JsonObject members) {
        if (JsonTree.text(members, "type").equals("error")) {
            usage.error();
        } else {
            message(members, JsonTree.object(members, "usage"));
            usage.stopped();
        }
    }

    private void message(JsonObject message, JsonObject counts) {
        if (!counts.isEmpty()) {
            usage.message(message);
            reported.run();
        }
    }

    private void giveUp(RuntimeException fault) {
        LOG.error("The usage of a response could not be read", fault);
        giveUp();
    }

    /** Reads nothing more. The decoder, which may be at work, is closed later. */
    private void giveUp() {
        usage.unreadable();
        events = null;
        document = null;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean is(byte[] word, byte[] b, int from, int to) {
        return Arrays.equals(word, 0, word.length, b, from, to);
    }

    /** Only three events of a message have usage or end it; hundreds have its content. */
    private final class Events implements SelectedEvents.Listener {
        @Override
        public boolean selects(byte[] b, int from, int to) {
            if (is(PIECE, b, from, to)) {
                usage.piece();
                return false;
            }
            return is(START, b, from, to) || is(DELTA, b, from, to) || is(STOP, b, from, to) || is(ERROR, b, from, to);
        }

        @Override
        public void event(byte[] b, int from, int to) {
            int end = from + PIECE_DATA.length;
            if (end <= to && is(PIECE_DATA, b, from, end)) {
                // Of an upstream that does not name its events.
                usage.piece();
            } else {
                JsonTree.parseObject(b, from, to).ifPresentOrElse(this::event, usage::unreadable);
            }
        }

        @Override
        public void tooLarge() {
            usage.unreadable();
        }

        private void event(JsonObject event) {
            switch (JsonTree.text(event, "type")) {
                case "message_start" -> start(JsonTree.object(event, "message"));
                case "message_delta" -> delta(event);
                case "message_stop" -> usage.stopped();
                case "error" -> usage.error();
                default -> {
                    if (event.get("error") instanceof JsonObject) {
                        usage.error();
                    }
                }
            }
        }

        private void start(JsonObject message) {
            UsageReader.this.message(message, JsonTree.object(message, "usage"));
        }

        private void delta(JsonObject event) {
            usage.delta(event);
            if (!JsonTree.object(event, "usage").isEmpty()) {
                reported.run();
            }
        }
    }
}
