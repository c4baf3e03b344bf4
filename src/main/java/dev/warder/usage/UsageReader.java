package dev.warder.usage;

import dev.warder.body.GzipDecoder;
import dev.warder.body.GzipDecoder.GzipException;
import dev.warder.json.JsonException;
import dev.warder.json.JsonTree;
import dev.warder.json.MemberValues;
import dev.warder.stream.OutlineReader;
import jakarta.json.JsonObject;
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

    private static final MemberValues.Names MEMBERS =
            MemberValues.Names.of("type", "id", "model", "stop_reason", "usage");

    private final TryUsage usage;
    private @Nullable OutlineReader events;
    private @Nullable MemberValues document;
    private @Nullable GzipDecoder gzip;

    /**
     * @param usage receives what is read
     * @param eventStream whether the response, once it is decoded, is an event stream
     * @param coding the content coding in lower case; empty when there is none
     * @param reported is run each time when the response has reported counts
     */
    public UsageReader(TryUsage usage, boolean eventStream, String coding, Runnable reported) {
        this.usage = usage;
        usage.reads(eventStream, reported);
        boolean isGzip = coding.equals("gzip") || coding.equals("x-gzip");
        if (!isGzip && !coding.isEmpty()) {
            usage.unreadable();
            return;
        }
        gzip = isGzip ? new GzipDecoder() : null;
        if (eventStream) {
            events = new OutlineReader(LARGEST, usage);
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
        try {
            decoder.feed(bytes, 0, bytes.length, this::readDecoded);
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

    public void close() {
        var decoder = gzip;
        if (decoder != null) {
            decoder.close();
        }
        gzip = null;
        events = null;
        document = null;
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
            whole.finish().ifPresentOrElse(this::document, usage::unreadable);
        } catch (JsonException cut) {
            usage.unreadable();
        }
    }

    private void document(JsonObject members) {
        if (JsonTree.text(members, "type").equals("error")) {
            usage.error(members);
        } else {
            usage.start(members);
            usage.stop();
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
}
