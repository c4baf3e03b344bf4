package dev.warder.testkit;

import dev.warder.testkit.StreamConnection.StreamFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A request as the HTTP/2 upstream sees it, and the means to answer it. Thread-safe. */
public final class StreamRequest {
    /** RST_STREAM and GOAWAY: all is well. */
    public static final int NO_ERROR = 0;

    /** RST_STREAM: a fault of the upstream. */
    public static final int INTERNAL_ERROR = 2;

    /** RST_STREAM: the upstream has not started on the request. */
    public static final int REFUSED_STREAM = 7;

    /** RST_STREAM: the answer is not wanted any more. */
    public static final int CANCEL = 8;

    private static final Duration LIMIT = Limit.seconds(10);
    private static final int LARGEST_FRAME = 16 * 1024;

    private final StreamConnection connection;
    private final int id;
    private final FieldList fields;
    private final AtomicLong window;
    private final Digested received = new Digested(64L << 20);
    private final Digested sent = new Digested(0);
    private final CompletableFuture<Boolean> body = new CompletableFuture<>();
    private final CompletableFuture<Integer> reset = new CompletableFuture<>();
    private volatile boolean holding;

    StreamRequest(StreamConnection connection, int id, FieldList fields, boolean holding) {
        this.holding = holding;
        this.connection = connection;
        this.id = id;
        this.fields = fields;
        this.window = new AtomicLong(connection.streamWindow());
    }

    /** The number of the connection, from 1 in the order of accepting. */
    public int connection() {
        return connection.number();
    }

    /** The number of the stream. */
    public int id() {
        return id;
    }

    /** Every field in order, those that start with a colon included. */
    public FieldList fields() {
        return fields;
    }

    /** The value of {@code :path}. */
    public String path() {
        return fields.first(":path").orElseThrow();
    }

    /** The whole body as UTF-8, waiting for its end. */
    public String text() {
        if (!get(body, "the end of the request body")) {
            throw new AssertionError("the request body was broken off");
        }
        return new String(received.bytes(), StandardCharsets.UTF_8);
    }

    /** How many bytes of the body have come. */
    public Tally received() {
        return received.length();
    }

    /** How many bytes of the answer were written. */
    public Tally written() {
        return sent.length();
    }

    /** CRC-32C of the answer's body as far as it was written. */
    public long writtenCrc32c() {
        return sent.crc32c();
    }

    /** Waits until the gateway resets the stream, and answers the error code. */
    public int awaitReset() {
        return get(reset, "RST_STREAM");
    }

    /** Whether the gateway reset the stream, or the connection is gone. */
    public boolean isReset() {
        return reset.isDone() || connection.isClosed();
    }

    /** CRC-32C of the body as far as it has come. */
    public long receivedCrc32c() {
        return received.crc32c();
    }

    /** How many bytes the gateway lets come on the whole connection. */
    public long connectionWindow() {
        return connection.window();
    }

    /** Opens the window for what was held, and for more. */
    public void takeBody() throws IOException {
        holding = false;
        connection.write(new StreamFrame(StreamFrame.WINDOW_UPDATE, 0, id, number(1 << 30)));
    }

    /** Sends the head of an answer with a body; names and values alternate. */
    public void head(int status, String... namesAndValues) throws IOException {
        connection.head(id, answer(status, namesAndValues), 0);
    }

    /** Sends the head of an answer without a body. */
    public void onlyHead(int status, String... namesAndValues) throws IOException {
        connection.head(id, answer(status, namesAndValues), StreamFrame.END_STREAM);
    }

    /** Sends trailers, with which the answer ends. */
    public void trailers(String name, String value) throws IOException {
        connection.head(id, List.of(new Field(name, value)), StreamFrame.END_STREAM);
    }

    /** Sends bytes of the answer's body as fast as the windows let. */
    public void data(byte[] bytes) throws IOException, InterruptedException {
        int at = 0;
        while (at < bytes.length) {
            int count = connection.reserve(this, Math.min(LARGEST_FRAME, bytes.length - at));
            sent.add(bytes, at, count);
            connection.write(new StreamFrame(StreamFrame.DATA, 0, id, Arrays.copyOfRange(bytes, at, at + count)));
            at += count;
        }
    }

    /** Sends text of the answer's body, such as an event. */
    public void data(String text) throws IOException, InterruptedException {
        data(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the answer. */
    public void end() throws IOException {
        connection.write(new StreamFrame(StreamFrame.DATA, StreamFrame.END_STREAM, id, new byte[0]));
    }

    /** Sends a whole JSON answer with its length. */
    public void json(int status, String text) throws IOException, InterruptedException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        head(status, "content-type", "application/json", "content-length", Integer.toString(bytes.length));
        data(bytes);
        end();
    }

    /** Sends the head of an event stream. */
    public void eventStream() throws IOException {
        head(200, "content-type", "text/event-stream; charset=utf-8");
    }

    /** Resets the stream. */
    public void reset(int code) throws IOException {
        connection.write(new StreamFrame(StreamFrame.RST_STREAM, 0, id, number(code)));
    }

    /** Says that the connection takes no stream after that one. */
    public void goAway(int lastId, int code) throws IOException {
        var payload = ByteBuffer.allocate(8).putInt(lastId).putInt(code).array();
        connection.write(new StreamFrame(StreamFrame.GOAWAY, 0, 0, payload));
    }

    /** Sends text of the answer's body and, in the same packet, a frame for which the gateway must end the connection. */
    public void breakProtocol(String text) throws IOException {
        connection.write(
                new StreamFrame(StreamFrame.DATA, 0, id, text.getBytes(StandardCharsets.UTF_8)),
                new StreamFrame(StreamFrame.DATA, 0, 0, new byte[1]));
    }

    /** Closes the connection. */
    public void closeConnection() {
        connection.close();
    }

    long window() {
        return window.get();
    }

    void widen(int more) {
        window.addAndGet(more);
    }

    boolean holdsBody() {
        return holding;
    }

    void arrived(byte[] bytes) {
        received.add(bytes, 0, bytes.length);
    }

    void bodyEnded() {
        body.complete(true);
    }

    void wasReset(int code) {
        reset.complete(code);
        body.complete(false);
    }

    void connectionLost() {
        body.complete(false);
    }

    private static List<Field> answer(int status, String... namesAndValues) {
        var fields = new ArrayList<Field>();
        fields.add(new Field(":status", Integer.toString(status)));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return fields;
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static <T> T get(CompletableFuture<T> future, String what) {
        try {
            return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            throw new AssertionError("waited " + LIMIT + " in vain for " + what, late);
        }
    }
}
