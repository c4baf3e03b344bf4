package dev.warder.contract;

import dev.warder.testkit.Field;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** What an upstream can do wrong, each with the end that it must have for the client. Other contracts cover more faults. */
enum UpstreamFault implements Script {
    RESET_AFTER_THE_REQUEST(FaultEnd.REFUSED, (request, reply) -> reply.reset()),
    CLOSE_AFTER_THE_REQUEST(FaultEnd.REFUSED, (request, reply) -> reply.closeNow()),
    CLOSE_INSIDE_THE_STATUS_LINE(FaultEnd.REFUSED, raw("HTTP/1.1 2")),
    CLOSE_INSIDE_THE_HEAD(FaultEnd.REFUSED, raw("HTTP/1.1 200 OK\r\nContent-Ty")),
    RESET_INSIDE_THE_HEAD(FaultEnd.REFUSED, (request, reply) -> {
        reply.send("HTTP/1.1 200 OK\r\nContent-Type: te");
        reply.reset();
    }),
    STATUS_MISSING(FaultEnd.REFUSED, raw("HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\n{}")),
    STATUS_OF_TWO_DIGITS(FaultEnd.REFUSED, raw("HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}")),
    STATUS_OF_FOUR_DIGITS(FaultEnd.REFUSED, raw("HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}")),
    STATUS_NEGATIVE(FaultEnd.REFUSED, raw("HTTP/1.1 -200 OK\r\nContent-Length: 2\r\n\r\n{}")),
    STATUS_BEYOND_599(FaultEnd.REFUSED, raw("HTTP/1.1 999 OK\r\nContent-Length: 2\r\n\r\n{}")),
    VERSION_UNKNOWN(FaultEnd.REFUSED, raw("HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
    PROTOCOL_UNKNOWN(FaultEnd.REFUSED, raw("ICY 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
    BINARY_GARBAGE(FaultEnd.REFUSED, (request, reply) -> {
        reply.send(new byte[] {0, 1, 2, (byte) 0xff, 0x16, 3, 3, 13, 10, 13, 10});
        reply.closeNow();
    }),
    PROTOCOL_SWITCH_THAT_WAS_NOT_ASKED_FOR(
            FaultEnd.REFUSED, raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")),
    TEN_THOUSAND_FIELDS(
            FaultEnd.REFUSED,
            raw("HTTP/1.1 200 OK\r\n" + "X-Fill: y\r\n".repeat(10_000) + "Content-Length: 2\r\n\r\n{}")),
    FIELD_LINE_OF_64_MIB(FaultEnd.REFUSED, (request, reply) -> {
        reply.send("HTTP/1.1 200 OK\r\nX-Fill: ");
        var piece = "y".repeat(1 << 16);
        for (int i = 0; i < 1024; i++) {
            reply.send(piece);
        }
    }),
    NUL_IN_A_FIELD(FaultEnd.RELAYED, withField("X-Odd: a\0b")),
    CR_IN_A_FIELD(FaultEnd.RELAYED, withField("X-Odd: a\rX-Injected: b")),
    FIELD_WITHOUT_COLON(FaultEnd.REFUSED, withField("X-Odd")),
    FIELD_WITHOUT_NAME(FaultEnd.REFUSED, withField(": odd")),
    FIELD_NAME_WITH_BLANK(FaultEnd.RELAYED, withField("X Odd: poison")),
    FIELD_THAT_IS_FOLDED(FaultEnd.RELAYED, withField("X-Odd: a\r\n b")),
    LENGTH_NEGATIVE(FaultEnd.REFUSED, withField("Content-Length: -1")),
    LENGTH_IS_NO_NUMBER(FaultEnd.REFUSED, withField("Content-Length: many")),
    LENGTH_BEYOND_64_BITS(FaultEnd.REFUSED, withField("Content-Length: 99999999999999999999")),
    TWO_LENGTHS(FaultEnd.REFUSED, withField("Content-Length: 1\r\nContent-Length: 2")),
    LENGTH_AND_CHUNKS(FaultEnd.RELAYED, (request, reply) -> {
        reply.field("Content-Type", FaultyRoute.type(request))
                .field("Content-Length", "1")
                .chunked();
        reply.chunk(FaultyRoute.body(request, FaultEnd.TEXT));
        reply.lastChunk();
    }),
    TRANSFER_CODING_UNKNOWN(FaultEnd.REFUSED, withField("Transfer-Encoding: gzip")),
    TRANSFER_CODING_TWICE(FaultEnd.REFUSED, withField("Transfer-Encoding: chunked, chunked")),
    LENGTH_OF_A_TEBIBYTE(FaultEnd.CUT_WITH_LENGTH, (request, reply) -> {
        reply.field("Content-Type", FaultyRoute.type(request)).length(1L << 40);
        reply.content(half(request));
        reply.closeNow();
    }),
    LENGTH_ONE_TOO_LARGE(FaultEnd.CUT_WITH_LENGTH, (request, reply) -> {
        var body = FaultyRoute.body(request, FaultEnd.TEXT).getBytes(StandardCharsets.UTF_8);
        reply.field("Content-Type", FaultyRoute.type(request)).length(body.length + 1L);
        reply.content(body);
        reply.closeNow();
    }),
    LENGTH_ONE_TOO_SMALL(FaultEnd.SHORTENED_BY_ONE, (request, reply) -> {
        var body = FaultyRoute.body(request, FaultEnd.TEXT).getBytes(StandardCharsets.UTF_8);
        reply.field("Content-Type", FaultyRoute.type(request)).length(body.length - 1L);
        reply.content(body);
    }),
    RESPONSE_TWICE(FaultEnd.RELAYED, (request, reply) -> {
        var body = FaultyRoute.body(request, FaultEnd.TEXT);
        reply.send(whole(request, body) + whole(request, FaultyRoute.body(request, "poison")));
    }),
    RESPONSE_FOLLOWED_BY_GARBAGE(FaultEnd.RELAYED, (request, reply) -> reply.send(whole(request) + "\0poison\r\n\r\n")),
    NO_CONTENT_WITH_CONTENT(
            FaultEnd.NO_CONTENT,
            (request, reply) -> reply.send("HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison")),
    CHUNK_SIZE_IS_NO_NUMBER(FaultEnd.CUT, cut("zz\r\n")),
    CHUNK_SIZE_BEYOND_64_BITS(FaultEnd.CUT, cut("ffffffffffffffffff\r\n")),
    CHUNK_SIZE_NEGATIVE(FaultEnd.CUT, cut("-5\r\nhello\r\n")),
    CHUNK_WITHOUT_ITS_LINE_END(FaultEnd.CUT, cut("1\r\n\n2\r\n")),
    CHUNK_EXTENSION_OF_A_MEBIBYTE(FaultEnd.CUT, cut("1;" + "x".repeat(1 << 20))),
    LAST_CHUNK_MISSING(FaultEnd.CUT, cut("")),
    TRAILER_FIELDS_WITHOUT_END(FaultEnd.CUT, cut("0\r\n" + "X-Trailer: y\r\n".repeat(10_000) + "\r\n")),
    RESET_INSIDE_THE_BODY(FaultEnd.CUT, (request, reply) -> {
        reply.field("Content-Type", FaultyRoute.type(request)).chunked();
        reply.chunk(half(request));
        CommonGround.pause(50);
        reply.reset();
    }),
    RESET_BEFORE_THE_BODY(FaultEnd.CUT_AFTER_HEAD, chunked((request, reply) -> reply.reset())),
    CLOSE_BEFORE_THE_BODY(FaultEnd.CUT_AFTER_HEAD, chunked((request, reply) -> reply.closeNow())),
    STALL_BEFORE_THE_HEAD(FaultEnd.TIMED_OUT, (request, reply) -> reply.await(new CountDownLatch(1))),
    STALL_INSIDE_THE_HEAD(FaultEnd.TIMED_OUT, (request, reply) -> {
        reply.send("HTTP/1.1 200 OK\r\nContent-Ty");
        reply.await(new CountDownLatch(1));
    }),
    DRIPPING_HEAD_WITHOUT_END(FaultEnd.TIMED_OUT, (request, reply) -> {
        reply.send("HTTP/1.1 200 OK\r\nX-Drip: ");
        for (int i = 0; i < 600; i++) {
            reply.send("y");
            CommonGround.pause(50);
        }
    }),
    INTERIM_HEADS_WITHOUT_END(FaultEnd.TIMED_OUT, (request, reply) -> {
        for (int i = 0; i < 6000; i++) {
            reply.informational(103, new Field("Link", "</x>"));
            CommonGround.pause(5);
        }
    }),
    TEN_THOUSAND_INTERIM_HEADS(FaultEnd.RELAYED, (request, reply) -> {
        reply.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(10_000));
        reply.send(whole(request));
    }),
    STALL_BEFORE_THE_BODY(FaultEnd.SILENT_AFTER_HEAD, chunked((request, reply) -> reply.await(new CountDownLatch(1)))),
    STALL_INSIDE_THE_BODY(FaultEnd.SILENT, (request, reply) -> {
        reply.field("Content-Type", FaultyRoute.type(request)).chunked();
        reply.chunk(half(request));
        reply.await(new CountDownLatch(1));
    }),
    DRIP_OF_SINGLE_BYTES(
            FaultEnd.RELAYED, (request, reply) -> reply.dribble(whole(request).getBytes(StandardCharsets.UTF_8))),
    BARE_LINE_FEEDS(FaultEnd.RELAYED, (request, reply) -> {
        var whole = whole(request);
        int head = whole.indexOf("\r\n\r\n") + 4;
        reply.send(whole.substring(0, head).replace("\r\n", "\n") + whole.substring(head));
    }),
    HTTP_1_0_ENDED_BY_CLOSING(FaultEnd.RELAYED, (request, reply) -> {
        reply.send("HTTP/1.0 200 OK\r\nContent-Type: " + FaultyRoute.type(request) + "\r\n\r\n"
                + FaultyRoute.body(request, FaultEnd.TEXT));
        reply.closeNow();
    }),
    GZIP_GARBAGE(FaultEnd.OPAQUE, opaque("application/json", "gzip", "no gzip at all")),
    GZIP_GARBAGE_AS_EVENT_STREAM(FaultEnd.OPAQUE_STREAM, opaque("text/event-stream", "gzip", "no gzip at all")),
    BROTLI_LABELLED_GZIP(FaultEnd.OPAQUE, opaque("application/json", "gzip", "\u000b\u0002\u0000{}\u0003")),
    UNKNOWN_CODING(FaultEnd.OPAQUE, opaque("application/json", "zstd", "(\u00b5/\u00fd")),
    HTML_WITH_STATUS_200(FaultEnd.OPAQUE, opaque("text/html", "", "<html><body>Sign in to the network</body></html>")),
    EMPTY_WITH_STATUS_200(FaultEnd.OPAQUE, opaque("application/json", "", "")),
    JSON_CUT_BUT_WHOLE_BY_LENGTH(
            FaultEnd.OPAQUE, opaque("application/json", "", "{\"type\":\"message\",\"content\":[")),
    JSON_OF_ANOTHER_SHAPE(FaultEnd.OPAQUE, opaque("application/json", "", "[1,2,3]")),
    REDIRECT_TO_THE_METADATA_ADDRESS(
            FaultEnd.REFUSED, (request, reply) -> reply.field("Location", "http://169.254.169.254/latest/meta-data/")
                    .json(307, "{}")),
    ABSURD_RETRY_AFTER(FaultEnd.LIMITED, (request, reply) -> reply.field("retry-after", "99999999999999999999")
            .json(429, FaultEnd.LIMITED_BODY));

    private final FaultEnd end;
    private final Script script;

    UpstreamFault(FaultEnd end, Script script) {
        this.end = end;
        this.script = script;
    }

    /** How an exchange with this fault ends for the client. */
    FaultEnd end() {
        return end;
    }

    @Override
    public void run(RecordedRequest request, Reply reply) throws Exception {
        script.run(request, reply);
    }

    private static Script raw(String bytes) {
        return (request, reply) -> {
            reply.send(bytes);
            reply.closeNow();
        };
    }

    /** The head of a chunked response, and then this. */
    private static Script chunked(Script rest) {
        return (request, reply) -> {
            reply.field("Content-Type", FaultyRoute.type(request)).chunked();
            rest.run(request, reply);
        };
    }

    /** An otherwise sound response without a framing field of its own, with one or two more field lines. */
    private static Script withField(String line) {
        return (request, reply) -> {
            var framed = line.contains("Content-Length") || line.contains("Transfer-Encoding");
            var whole = whole(request);
            var plain = framed ? whole.replaceFirst("Content-Length: \\d+\r\n", "") : whole;
            reply.send(plain.replaceFirst("\r\n", "\r\n" + line + "\r\n"));
        };
    }

    /** A chunked response whose first half is sound, followed by this and the close. */
    private static Script cut(String rest) {
        return (request, reply) -> {
            reply.field("Content-Type", FaultyRoute.type(request)).chunked();
            reply.chunk(half(request));
            reply.send(rest);
            reply.closeNow();
        };
    }

    private static Script opaque(String type, String coding, String body) {
        return (request, reply) -> {
            if (!coding.isEmpty()) {
                reply.field("Content-Encoding", coding);
            }
            var bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            reply.field("Content-Type", type).length(bytes.length);
            reply.content(bytes);
        };
    }

    /** The first event or a piece of the JSON. */
    static byte[] half(RecordedRequest request) {
        var body = FaultyRoute.body(request, FaultEnd.TEXT);
        var half = body.startsWith("{") ? body.substring(0, 20) : Messages.start();
        return half.getBytes(StandardCharsets.UTF_8);
    }

    private static String whole(RecordedRequest request) {
        return whole(request, FaultyRoute.body(request, FaultEnd.TEXT));
    }

    private static String whole(RecordedRequest request, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + FaultyRoute.type(request) + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }
}
