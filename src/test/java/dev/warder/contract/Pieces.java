package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.testkit.Messages;
import dev.warder.testkit.Turns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A message of one direction in pieces of one size, of which the framing knows nothing.
 *
 * @param size in bytes
 */
record Pieces(int size) {
    /** The head of an event stream in chunks. */
    static final String EVENT_STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** The head of a JSON answer in chunks. */
    static final String CHUNKED = EVENT_STREAM.replace("text/event-stream", "application/json");

    private static final int MOST = 300 * 1024;
    private static final int LEAST = Turns.of(1000, 2000);
    private static final int COUNT = Turns.of(75, 150);

    /** Where the pieces of a message go. */
    interface Wire {
        void write(byte[] piece) throws IOException;
    }

    /** The head of a JSON answer of known length. */
    static String head(int length) {
        return CHUNKED.replace("Transfer-Encoding: chunked", "Content-Length: " + length);
    }

    /** From 1 to 64 bytes, and the powers of two to 64 KiB; in the gate, an eighth of them. */
    static IntStream sizes() {
        return IntStream.concat(
                IntStream.rangeClosed(1, 64).filter(size -> Turns.inTurn() || size < 4 || size % 16 == 7),
                IntStream.rangeClosed(7, 16)
                        .filter(power -> Turns.inTurn() || power % 3 == 1)
                        .map(power -> 1 << power));
    }

    /** A message's length in bytes: enough pieces, and not more than a test has time for. */
    int total() {
        return Math.min(MOST, Math.max(LEAST, size * COUNT));
    }

    /** An event stream with its proper end, of numbered events that name their stream. */
    byte[] events(String stream) {
        var all = new StringBuilder(Messages.start());
        for (int i = 0; all.length() < total(); i++) {
            all.append(Messages.delta(stream + " grüßt " + i + " 🌍 " + "x".repeat(i % 300)));
        }
        return all.append(Messages.end()).toString().getBytes(UTF_8);
    }

    /** A JSON document that a collected route takes. */
    byte[] document() {
        var words = new StringBuilder();
        for (int i = 0; words.length() < total(); i++) {
            words.append("word ").append(i).append(" ü ");
        }
        var text = Messages.quoted(words.toString());
        return ("{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]}").getBytes(UTF_8);
    }

    /** Writes a head and a body of which the head says the length. */
    void write(String head, byte[] body, Wire wire) throws IOException {
        cut(head, body, wire);
    }

    /** Writes a head and a body in chunks of which none is as long as a piece of the wire. */
    void writeChunked(String head, byte[] body, Wire wire) throws IOException {
        cut(head, chunked(body), wire);
    }

    /** In chunks between one byte and far more than a piece, the same ones in every run, and the last one. */
    byte[] chunked(byte[] body) {
        var random = new Random(size);
        var all = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; ) {
            int length = Math.min(body.length - at, 1 + random.nextInt(1 << (3 + random.nextInt(13))));
            all.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
            all.write(body, at, length);
            all.writeBytes("\r\n".getBytes(ISO_8859_1));
            at += length;
        }
        all.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        return all.toByteArray();
    }

    private void cut(String head, byte[] body, Wire wire) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(ISO_8859_1));
        all.writeBytes(body);
        byte[] bytes = all.toByteArray();
        for (int at = 0; at < bytes.length; at += size) {
            wire.write(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
    }
}
