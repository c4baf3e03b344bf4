package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.testkit.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Writes an answer in chunks, each flushed through gzip where the answer has that coding. One thread at a time. */
final class GzipPipe {
    private final Reply reply;
    private final boolean coded;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;

    GzipPipe(Reply reply, boolean coded) throws IOException {
        this.reply = reply;
        this.coded = coded;
        this.gzip = new GZIPOutputStream(out, true);
    }

    /** Writes text so that all of it can be read at once. */
    void write(String text) throws IOException {
        if (!coded) {
            reply.chunk(text);
            return;
        }
        gzip.write(text.getBytes(UTF_8));
        gzip.flush();
        pass();
    }

    /** Ends the answer. */
    void end() throws IOException {
        if (coded) {
            gzip.close();
            pass();
        }
        reply.lastChunk();
    }

    private void pass() throws IOException {
        reply.chunk(out.toByteArray());
        out.reset();
    }
}
