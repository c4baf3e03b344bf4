package dev.warder.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Sends {@link RawStreams.RawStream}s and compares what came back with what came out at an upstream that echoes its target.
 */
public final class RawStreamCheck {
    /** Opens a connection to the gateway or to the front end before it. */
    public interface Connector {
        /** A new connection. */
        RawClient connect() throws IOException;
    }

    /** For each response, and for the close behind the last one. What is not refused ends with a request that closes. */
    private static final int PATIENCE = (int) Limit.seconds(5).toMillis();

    private RawStreamCheck() {}

    /** What the upstream answers: the target, so that a response can be matched with its request. */
    public static Script echo() {
        return (request, reply) -> {
            if (request.method().equals("HEAD")) {
                reply.length(0);
            } else {
                reply.json(200, "{\"target\":\"" + request.target() + "\"}");
            }
        };
    }

    /**
     * Sends streams, one after the other.
     *
     * @return how many of their requests were served
     * @throws AssertionError when a request came out twice, came out of nowhere, or got the response of another one
     */
    public static int check(List<RawStreams.RawStream> streams, Connector connector, ScriptedUpstream upstream)
            throws IOException {
        upstream.clear();
        upstream.script(echo());
        int served = 0;
        for (var stream : streams) {
            var responses = responses(stream, connector);
            served += responses.size();
            matches(stream, responses);
        }
        // At the end, because a request may still be on its way up when its client was refused.
        var seen = new HashSet<String>();
        for (var request : upstream.requests()) {
            var nonce = request.target().substring(request.target().lastIndexOf('/') + 1);
            boolean sent = streams.stream().anyMatch(stream -> stream.nonces().contains(nonce));
            if (!sent || !seen.add(nonce)) {
                throw new AssertionError("upstream got " + request.target() + ", before " + seen);
            }
        }
        return served;
    }

    private static void matches(RawStreams.RawStream stream, List<String> responses) {
        int last = -1;
        for (var body : responses) {
            int at = -1;
            for (int i = 0; i < stream.nonces().size(); i++) {
                at = body.equals("{\"target\":\"/v1/echo/" + stream.nonces().get(i) + "\"}") ? i : at;
            }
            if (at <= last) {
                throw new AssertionError(stream.name() + ": response " + body + " in its place of " + stream);
            }
            last = at;
        }
    }

    private static List<String> responses(RawStreams.RawStream stream, Connector connector) throws IOException {
        var served = new ArrayList<String>();
        try (var client = connector.connect().readTimeout(PATIENCE)) {
            int from = 0;
            for (int cut : stream.cuts()) {
                client.send(stream.text().substring(from, cut).getBytes(ISO_8859_1));
                from = cut;
            }
            client.send(stream.text().substring(from).getBytes(ISO_8859_1));
            for (int i = 0; i <= stream.nonces().size(); i++) {
                var response = client.readResponse();
                if (response.status() == 200) {
                    served.add(response.text());
                }
            }
            throw new AssertionError(stream.name() + ": more responses than requests to " + stream);
        } catch (EOFException | SocketException | SocketTimeoutException over) {
            return served;
        }
    }
}
