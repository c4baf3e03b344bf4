package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Facades;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each method of the servlet API that an exchange uses throws in turn, and each callback that the container calls: the client
 * gets a response or the end of the connection, nothing stays open, and other requests go on.
 */
abstract class FacadeFaultsContract extends DeployedContract {
    private static final int DEADLINE_MILLIS = 5_000;
    private static final String FILES = "{\"data\":[],\"has_more\":false}";

    /** Methods and callbacks that declare no IOException. */
    private static final List<String> PLAIN = List.of(
            "request.startAsync",
            "in.setReadListener",
            "in.isReady",
            "in.isFinished",
            "response.setStatus",
            "response.setHeader",
            "response.addHeader",
            "response.setContentType",
            "response.setContentLength",
            "response.setContentLengthLong",
            "response.reset",
            "out.setWriteListener",
            "out.isReady",
            "async.setTimeout",
            "async.addListener",
            "async.getResponse",
            "async.start",
            "async.complete",
            "async.dispatch");

    private static final List<String> DECLARING = List.of(
            "request.getInputStream",
            "in.available",
            "in.read",
            "response.getOutputStream",
            "out.write",
            "out.flush",
            "read.onDataAvailable",
            "read.onAllDataRead",
            "write.onWritePossible",
            "event.onComplete");

    private static final List<String> THROWABLES =
            List.of("java.lang.IllegalStateException", "java.lang.LinkageError", "java.lang.StackOverflowError");

    private static final List<String> WHEN = List.of("once", "always", "after");

    FacadeFaultsContract(Container.Starter starter) {
        super(starter);
    }

    @Override
    Deployment configured(Deployment plain) {
        return plain.withFacades();
    }

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
        for (var method : methods().toList()) {
            for (var fault : faults(method).toList()) {
                for (var request : requests().entrySet()) {
                    long open = number("OpenExchanges");
                    // A callback that throws is reported as a lost client: a container may end the response as it
                    // likes.
                    boolean callback = method.contains(".on");
                    var end = end(request.getValue().field(Facades.FAULT, fault), callback) + left(open);
                    if (!end.isEmpty()) {
                        wrong.add(request.getKey() + ", " + fault + ": " + end);
                    }
                }
            }
            assertThat(exchange(message(STREAMING)).status())
                    .as("after " + method)
                    .isEqualTo(200);
        }
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    private static Stream<String> methods() {
        return Stream.concat(PLAIN.stream(), DECLARING.stream());
    }

    private static Stream<String> faults(String method) {
        var throwables = DECLARING.contains(method)
                ? Stream.concat(THROWABLES.stream(), Stream.of("java.io.IOException"))
                : THROWABLES.stream();
        return throwables.flatMap(throwable -> WHEN.stream().map(when -> method + " " + throwable + " " + when));
    }

    private static Map<String, RawRequest> requests() {
        return Map.of(
                "message", message(STREAMING),
                "raw", authenticated("POST", "/anthropic/v1/messages").json(STREAMING),
                "files", authenticated("GET", "/v1/files"),
                "upload", authenticated("POST", "/v1/files").json("{}"),
                "chat", authenticated("POST", "/v1/chat/completions").json(STREAMING),
                "refused", RawRequest.of("POST", "/v1/messages").json(STREAMING));
    }

    private String left(long open) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE_MILLIS * 1_000_000L;
        while (number("OpenExchanges") > open) {
            if (System.nanoTime() > end) {
                return " its exchange stays open";
            }
            pause(5);
        }
        return "";
    }

    /** What is wrong with how the request ends; empty when it is right. */
    private String end(RawRequest request, boolean anyEnd) {
        try (var client = client()) {
            var response = client.readTimeout(DEADLINE_MILLIS).send(request).readResponse();
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
            return "";
        } catch (SocketTimeoutException waits) {
            return "waits";
        } catch (IOException broken) {
            return broken.toString();
        }
    }
}
