package dev.warder.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes {@link RawStream}s by families of requests that servers have framed differently: lengths and chunks side by side,
 * broken chunks, odd fields, pipelines. Each is an odd request, then the request {@code end}, which closes. One thread at a time.
 */
public final class RawStreams {
    private static final String PATH = "/v1/echo/";

    private final String token;
    private final Random random;
    private final List<String> chunks;
    private int count;

    /**
     * @param token a valid access token, which the hidden requests carry too
     */
    public RawStreams(String token, Random random) {
        this(token, random, Set.of());
    }

    /**
     * The same for a reader that accepts some of the odd chunk sizes.
     *
     * @param sizesRead those sizes, which the streams are to leave out
     */
    public RawStreams(String token, Random random, Set<String> sizesRead) {
        this.token = token;
        this.random = random;
        chunks = CHUNKS.stream()
                .filter(text -> !sizesRead.contains(text.substring(0, text.indexOf('\r'))))
                .toList();
    }

    /** The next streams, the families in turn. */
    public List<RawStream> next(int number) {
        var families = families();
        var streams = new ArrayList<RawStream>();
        for (int i = 0; i < number; i++) {
            streams.add(families.get(i % families.size()).apply("n" + count++));
        }
        return streams;
    }

    private List<Function<String, RawStream>> families() {
        return List.of(
                nonce -> odd(
                        "chunks that end before the length", nonce, both("Content-Length: %d"), "0\r\n\r\n" + hidden()),
                nonce -> odd("chunks beyond the length", nonce, both("Content-Length: 4"), chunked(hidden())),
                nonce -> odd(
                        "odd transfer coding",
                        nonce,
                        List.of("Content-Length: %d", any(CODINGS)),
                        "0\r\n\r\n" + hidden()),
                nonce -> odd("two lengths", nonce, shuffled("Content-Length: 0", "Content-Length: %d"), hidden()),
                nonce -> odd("odd length", nonce, List.of(any(LENGTHS)), hidden()),
                nonce -> odd(
                        "odd length beside a right one", nonce, shuffled("Content-Length: %d", any(LENGTHS)), hidden()),
                nonce -> odd("bad chunk", nonce, List.of("Transfer-Encoding: chunked"), any(chunks) + hidden()),
                nonce -> odd("odd field", nonce, shuffled("Content-Length: %d", any(FIELDS)), hidden()),
                nonce -> odd("body of a GET", "GET", nonce, List.of("Content-Length: %d"), hidden()),
                nonce -> odd(
                        "body of a DELETE", "DELETE", nonce, List.of("Transfer-Encoding: chunked"), chunked(hidden())),
                nonce -> odd(
                        "waits to be asked", nonce, List.of("Expect: 100-continue", "Content-Length: %d"), hidden()),
                nonce -> odd("trailers", nonce, List.of("Transfer-Encoding: chunked", "Trailer: X-A"), trailers()),
                nonce -> odd("asks to switch", nonce, shuffled(any(UPGRADES), "Content-Length: %d"), hidden()),
                nonce ->
                        odd("names a field in Connection", nonce, shuffled(any(NAMED), "Content-Length: %d"), hidden()),
                nonce -> odd("chunk extensions", nonce, List.of("Transfer-Encoding: chunked"), extended(hidden())),
                nonce -> old("HTTP/1.0 with chunks", nonce, "Transfer-Encoding: chunked", chunked(hidden())),
                nonce -> old(
                        "HTTP/1.0 with both",
                        nonce,
                        "Content-Length: 3\r\nTransfer-Encoding: chunked",
                        "0\r\n\r\n" + hidden()),
                this::afterClose,
                this::pipeline,
                this::pipeline);
    }

    private static final List<String> CODINGS = List.of(
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: cHuNkEd",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding:\u000bchunked",
            "Transfer-Encoding: chunked\u0000",
            "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding:\r\n chunked",
            "X-A: b\r\n Transfer-Encoding: chunked",
            "Transfer_Encoding: chunked",
            "Transfer-Encoding",
            "X-A: b\rTransfer-Encoding: chunked");

    /** None of them is a length (RFC 9110, section 8.6), so that what follows is nobody's. */
    private static final List<String> LENGTHS = List.of(
            "Content-Length: +0",
            "Content-Length: -0",
            "Content-Length: 0x0",
            "Content-Length: 0, 44",
            "Content-Length: 1e1",
            "Content-Length: 18446744073709551616",
            "Content-Length: 18446744073709551617",
            "Content-Length: 9223372036854775808",
            "Content-Length : 0",
            "Content-Length:\u000b0",
            "Content-Length: 0 0",
            "Content-Length: 0\u0000",
            "Content-Length: \u00b2");

    /** None of them is chunked (RFC 9112, section 7.1). */
    private static final List<String> CHUNKS = List.of(
            "zz\r\n{}\r\n0\r\n\r\n",
            "-1\r\n{}\r\n0\r\n\r\n",
            "0x2\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}xx0\r\n\r\n",
            "2\r\n{}0\r\n\r\n",
            "10000000000000002\r\n{}\r\n0\r\n\r\n",
            "ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
            "100000002\r\n{}\r\n0\r\n\r\n",
            "\r\n{}\r\n0\r\n\r\n",
            ";a\r\n{}\r\n0\r\n\r\n",
            "2\u0000\r\n{}\r\n0\r\n\r\n",
            "2\r{}\r0\r\r",
            "+2\r\n{}\r\n0\r\n\r\n",
            "2 2\r\n{}\r\n0\r\n\r\n");

    private static final List<String> FIELDS = List.of(
            "X-A : b",
            "X A: b",
            ": b",
            "no colon",
            "X-A: b\r\n c",
            "X-\u0000A: b",
            "X-A: \u0000",
            "X-A: b\r",
            "\u00e9: b",
            "X-A: \u007f",
            "(x): y",
            "Host: other",
            "X-A\t: b");
    private static final List<String> UPGRADES = List.of(
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==",
            "Upgrade: TLS/1.0\r\nConnection: Upgrade");
    private static final List<String> NAMED = List.of(
            "Connection: content-length",
            "Connection: Content-Length, host",
            "Connection: transfer-encoding, x-warder-token",
            "Connection: keep-alive, content-type",
            "Proxy-Connection: close");

    private List<String> both(String length) {
        return shuffled(length, "Transfer-Encoding: chunked");
    }

    private RawStream odd(String name, String nonce, List<String> lines, String body) {
        return odd(name, "POST", nonce, lines, body);
    }

    /** Lines may ask for the length of the body with {@code %d}. */
    private RawStream odd(String name, String method, String nonce, List<String> lines, String body) {
        var text = new StringBuilder(head(method, nonce, "1.1"));
        lines.forEach(line ->
                text.append(line.replace("%d", Integer.toString(body.length()))).append("\r\n"));
        return stream(name, text + "\r\n" + body + end(nonce), List.of(nonce, nonce + "-end"));
    }

    private RawStream old(String name, String nonce, String lines, String body) {
        var text = head("POST", nonce, "1.0") + lines + "\r\n\r\n" + body;
        return stream(name, text, List.of(nonce));
    }

    /** What follows a request that closes is nobody's. */
    private RawStream afterClose(String nonce) {
        return stream("text after a request that closes", end(nonce) + hidden(), List.of(nonce + "-end"));
    }

    private RawStream pipeline(String nonce) {
        var text = new StringBuilder();
        var nonces = new ArrayList<String>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            nonces.add(nonce + "-" + i);
            text.append(sound(nonces.get(i)));
        }
        nonces.add(nonce + "-end");
        return stream("pipeline", text + end(nonce), nonces);
    }

    /** A request that every reader frames in the same way. */
    private String sound(String nonce) {
        return switch (random.nextInt(4)) {
            case 0 -> head("GET", nonce, "1.1") + "\r\n";
            case 1 -> head("POST", nonce, "1.1") + "Content-Length: " + hidden().length() + "\r\n\r\n" + hidden();
            case 2 -> head("PUT", nonce, "1.1") + "Transfer-Encoding: chunked\r\n\r\n" + chunked(hidden());
            default -> "\r\n" + head("POST", nonce, "1.1") + "Content-Length: 0\r\n\r\n";
        };
    }

    private String end(String nonce) {
        return head("GET", nonce + "-end", "1.1") + "Connection: close\r\n\r\n";
    }

    private String hidden() {
        return head("GET", RawStream.HIDDEN, "1.1") + "\r\n";
    }

    private String head(String method, String nonce, String version) {
        return method + " " + PATH + nonce + " HTTP/" + version + "\r\nHost: localhost\r\nX-Warder-Token: " + token
                + "\r\n";
    }

    private String chunked(String content) {
        int half = 1 + random.nextInt(content.length() - 1);
        return chunk(content.substring(0, half)) + chunk(content.substring(half)) + "0\r\n\r\n";
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    private String extended(String content) {
        var extension =
                any(List.of(";a=b", ";a=\"b\"", ";a", ";a=\"\r\n", ";\n", " ;a=b", ";a=\"b;c\"", ";" + "x".repeat(50)));
        return Integer.toHexString(content.length()) + extension + "\r\n" + content + "\r\n0\r\n\r\n";
    }

    private String trailers() {
        return chunk("{}") + "0\r\n"
                + any(List.of(
                        "X-A: b", "Content-Length: 100", "Transfer-Encoding: chunked", "X-Warder-Token: x", "Host: x"))
                + "\r\n\r\n";
    }

    private RawStream stream(String name, String text, List<String> nonces) {
        var cuts = random.ints(random.nextInt(4), 1, text.length())
                .sorted()
                .boxed()
                .toList();
        return new RawStream(name, text, cuts, nonces);
    }

    private List<String> shuffled(String one, String other) {
        return random.nextBoolean() ? List.of(one, other) : List.of(other, one);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /**
     * Bytes for one connection that hold requests and, inside a body or behind a broken request, text that only a wrong
     * reader takes for another request.
     *
     * @param name the family it belongs to
     * @param text the bytes, each character one of them
     * @param cuts where the bytes are cut into packets, ascending
     * @param nonces what the requests proper ask for, in their order, as the last segment of their path
     */
    public record RawStream(String name, String text, List<Integer> cuts, List<String> nonces) {
        /** The segment that no upstream may ever see. */
        public static final String HIDDEN = "hidden";

        /** Copies the lists. */
        public RawStream {
            cuts = List.copyOf(cuts);
            nonces = List.copyOf(nonces);
        }
    }
}
