package dev.warder.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The answer of a script: each call writes at once, nothing is added that the script did not ask for. A gateway that is
 * gone shows as an {@link IOException}. One thread at a time.
 */
public final class Reply {
    private final RecordedRequest request;
    private final UpstreamConnection connection;
    private final List<Field> fields = new ArrayList<>();
    private int status = 200;

    Reply(RecordedRequest request, UpstreamConnection connection) {
        this.request = request;
        this.connection = connection;
    }

    /** Sets the status of the head to come, 200 unless said. */
    public Reply status(int newStatus) {
        status = newStatus;
        return this;
    }

    /**
     * Adds a field line to the head to come, its value as ISO 8859-1. {@code Connection: close} closes the connection after
     * the script.
     */
    public Reply field(String name, String value) {
        fields.add(new Field(name, value));
        if (name.equalsIgnoreCase("Connection") && value.equalsIgnoreCase("close")) {
            connection.closeAfterwards();
        }
        return this;
    }

    /** Writes the head with exactly the fields given; the body is delimited by closing unless they say otherwise. */
    public void head() throws IOException {
        head(status, "Scripted", fields);
    }

    /** Writes the head with {@code Content-Length}; {@link #content} follows. */
    public void length(long length) throws IOException {
        field("Content-Length", Long.toString(length)).head();
    }

    /** Writes the head with {@code Transfer-Encoding: chunked}; {@link #chunk} follows. */
    public void chunked() throws IOException {
        field("Transfer-Encoding", "chunked").head();
    }

    /** Writes the head of a chunked event stream; {@link #event} or {@link #chunk} follows. */
    public void eventStream() throws IOException {
        field("Content-Type", "text/event-stream; charset=utf-8").chunked();
    }

    /** Writes the head of a chunked event stream and its first chunks. */
    public void events(String... chunks) throws IOException {
        eventStream();
        for (var chunk : chunks) {
            chunk(chunk);
        }
    }

    /** Writes an interim head (1xx) in front of the answer. */
    public void informational(int interimStatus, Field... interimFields) throws IOException {
        head(interimStatus, "Interim", List.of(interimFields));
    }

    /** Writes bytes as they are: half heads, broken framing. They do not count as written body. */
    public void send(byte[] raw) throws IOException {
        connection.write(raw);
    }

    /** Writes text as it is, see {@link #send(byte[])}. */
    public void send(String raw) throws IOException {
        send(raw.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes body bytes of an answer with a length or delimited by closing. */
    public void content(byte[] bytes) throws IOException {
        connection.write(bytes);
        request.sent().add(bytes, 0, bytes.length);
    }

    /** Writes one chunk in one piece. */
    public void chunk(byte[] bytes) throws IOException {
        connection.write(WireReader.WireText.chunk(bytes));
        request.sent().add(bytes, 0, bytes.length);
    }

    /** Writes one chunk of UTF-8 text. */
    public void chunk(String text) throws IOException {
        chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the last chunk with these trailer fields. */
    public void lastChunk(Field... trailers) throws IOException {
        send("0\r\n" + WireReader.WireText.lines(List.of(trailers)));
    }

    /** Writes one event as one chunk. */
    public void event(String name, String data) throws IOException {
        chunk(Messages.event(name, data));
    }

    /** Writes a whole JSON answer with its length. */
    public void json(int newStatus, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        status(newStatus).field("Content-Type", "application/json").length(bytes.length);
        content(bytes);
    }

    /** Writes a whole Messages event stream, one chunk an event, one delta for each text. */
    public void messageStream(String... deltas) throws IOException {
        events(Messages.stream(deltas).toArray(String[]::new));
        lastChunk();
    }

    /** Writes bytes as they are, each in a packet of its own as far as the network lets. */
    public void dribble(byte[] raw) throws IOException {
        for (var one : raw) {
            send(new byte[] {one});
        }
    }

    /** Writes each byte as a chunk of its own. */
    public void dribbleChunks(byte[] bytes) throws IOException {
        for (var one : bytes) {
            chunk(new byte[] {one});
        }
    }

    /**
     * Writes a whole chunked answer with this many bytes of {@link Flood} as fast as the gateway takes them. Watch
     * {@link RecordedRequest#written()}, compare with {@link RecordedRequest#writtenCrc32c()}.
     */
    public void flood(long total) throws IOException {
        field("Content-Type", "application/octet-stream").chunked();
        for (long at = 0; at < total; at += Flood.PIECE) {
            chunk(Flood.piece(at, (int) Math.min(Flood.PIECE, total - at)));
        }
        lastChunk();
    }

    /** The same as a Messages event stream of deltas, ended properly once at least this many bytes were written. */
    public void floodEvents(long total) throws IOException {
        eventStream();
        chunk(Messages.start());
        var end = request.written().value() + total;
        for (long number = 0; request.written().value() < end; number++) {
            chunk(Messages.delta(Flood.text(number)));
        }
        chunk(Messages.end());
        lastChunk();
    }

    /** Reads the rest of the request body, for a script that started at the head; false when it was broken off. */
    public boolean readBody() throws InterruptedException {
        request.wanted().raiseTo(Long.MAX_VALUE);
        return request.awaitEnd();
    }

    /** Reads until this many bytes of the request body have come in all, at most 20 s, and leaves the rest unread. */
    public void readBody(long bytes) throws InterruptedException {
        request.wanted().raiseTo(bytes);
        request.received().awaitAtLeast(bytes, Duration.ofSeconds(20));
    }

    /** Waits for a latch that the test holds; closing the upstream ends the wait too. */
    public void await(CountDownLatch latch) throws InterruptedException {
        latch.await();
    }

    /** Closes the connection with FIN (TLS: close_notify first), at whatever place the answer is. */
    public void closeNow() throws IOException {
        connection.closeAfterwards();
        connection.shutdownOutput();
    }

    /** Resets the connection (RST), at whatever place the answer is. */
    public void reset() throws IOException {
        connection.reset();
    }

    private void head(int headStatus, String reason, List<Field> headFields) throws IOException {
        send(WireReader.WireText.bytes(
                "HTTP/1.1 " + headStatus + " " + reason + "\r\n" + WireReader.WireText.lines(headFields)));
    }
}
