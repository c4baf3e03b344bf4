package dev.warder.contract;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Turns;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each method of the servlet API that an exchange uses throws in turn, and each callback that the container calls: the client
 * gets a response or the end of the connection, nothing stays open, and other requests go on.
 */
@OnEachContainer
@Tag("turn-5")
class FacadeFaultsContract extends FacadeContract {
    /** Methods and callbacks that declare no IOException. */
    private static final List<String> PLAIN = items(
            """
            request.startAsync, in.setReadListener, in.isReady, in.isFinished, response.setStatus, response.setHeader
            response.addHeader, response.setContentType, response.setContentLength, response.setContentLengthLong
            response.reset, out.setWriteListener, out.isReady, async.setTimeout, async.addListener, async.getResponse
            async.start, async.complete, async.dispatch""");

    private static final List<String> DECLARING = items(
            """
            request.getInputStream, in.available, in.read, response.getOutputStream, out.write, out.flush
            read.onDataAvailable, read.onAllDataRead, write.onWritePossible, event.onComplete""");

    /** In the gate, one in five pairs of a fault and a request: each fault with one or two requests. */
    private static final int REQUESTS_FOR_EACH = 5;

    private static final List<String> WHEN = List.of("once", "always", "after");

    @Test
    void eachFaultEndsItsOwnExchangeOnly() throws Exception {
        upstream.script((request, reply) -> {
            if (request.path().endsWith("/v1/messages")) {
                reply.messageStream("one", "two");
            } else {
                reply.json(200, FILES);
            }
        });
        var wrong = new ArrayList<String>();
        int number = 0;
        for (var method : methods().toList()) {
            for (var fault : faults(method, DECLARING.contains(method), WHEN).toList()) {
                for (var request : requests().entrySet()) {
                    // Where no status can be set at all, /admin has no way to show the fault.
                    if (request.getKey().equals("sign-in") && fault.matches("response.setStatus .* always")) {
                        continue;
                    }
                    var name = request.getKey() + number++;
                    if (!Turns.inTurn() && number % REQUESTS_FOR_EACH != 0) {
                        continue;
                    }
                    // A callback that throws is reported as a lost client: a container may end the response as it
                    // likes.
                    boolean callback = method.contains(".on");
                    var end = end(name, faulty(request.getValue(), name, fault), callback) + held(name, 0);
                    if (!end.isEmpty()) {
                        wrong.add(request.getKey() + ", " + fault + ": " + end);
                    }
                }
            }
            assertStatus(200, exchange(message(STREAMING)));
        }
        assertNone(wrong);
    }

    private static Stream<String> methods() {
        return Stream.concat(PLAIN.stream(), DECLARING.stream());
    }

    private Map<String, RawRequest> requests() {
        return new TreeMap<>(Map.of(
                "message", request(0, "POST", "/v1/messages").json(STREAMING),
                "raw", request(0, "POST", "/anthropic/v1/messages").json(STREAMING),
                "files", request(0, "GET", "/v1/files"),
                "upload", request(0, "POST", "/v1/files").json("{}"),
                "chat", request(0, "POST", "/v1/chat/completions").json(STREAMING),
                "refused", RawRequest.of("POST", "/v1/messages").json(STREAMING),
                "sign-in", signIn()));
    }

    /** What is wrong with how the request ends; empty when it is right. */
    private String end(String name, RawRequest request, boolean anyEnd) {
        try (var client = client()) {
            var response = client.readTimeout(HANG_MILLIS).send(request).readResponse();
            ended(name);
            boolean whole = response.status() == 200 && !response.truncated();
            var text = response.text();
            boolean right = anyEnd
                    || !whole
                    || text.equals(FILES)
                    || text.equals(String.join("", Messages.stream("one", "two")))
                    || text.contains("[DONE]")
                    || text.contains("\"error\"");
            return right ? "" : "seems whole: " + text;
        } catch (EOFException | SocketException closed) {
            ended(name);
            return "";
        } catch (SocketTimeoutException waits) {
            return "waits";
        } catch (IOException broken) {
            return broken.toString();
        }
    }
}
