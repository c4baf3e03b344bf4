package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Facades;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The callbacks by which a container reports an error, a timeout or a restart throw: the client gets a response or the end of
 * the connection all the same, and nothing stays open.
 */
abstract class FacadeCallbacksContract extends FacadeContract {
    /** What a client sends; it waits for a response if this returns true. */
    private interface Talk {
        boolean run(RawClient client, RawRequest request) throws Exception;
    }

    /**
     * What makes a container call back.
     *
     * @param with faults that do so; perhaps empty
     */
    private record Trigger(String with, Supplier<RawRequest> request, Talk talk) {}

    private static final List<String> STREAMS = List.of("read.onError", "write.onError");
    private static final List<String> EVENTS = List.of("event.onError", "event.onStartAsync", "event.onComplete");
    private static final List<String> WHEN = List.of("always", "after");
    private static final List<String> ERRORS = List.of(
            "read.onDataAvailable java.lang.IllegalStateException once, ",
            "write.onWritePossible java.lang.IllegalStateException once, ",
            "async.complete java.lang.IllegalStateException always, ");
    private static final Talk WHOLE = (client, request) -> {
        client.send(request);
        return true;
    };
    private static final Talk BAD_CHUNK = (client, request) -> {
        client.send(request.field("Transfer-Encoding", "chunked").head() + "zz\r\nhalf\r\n");
        return true;
    };

    private static final String FORM = "application/x-www-form-urlencoded";

    FacadeCallbacksContract(Container.Starter starter) {
        super(starter);
    }

    @Test
    void eachReportThatThrowsEndsItsOwnExchangeOnly() throws Exception {
        upstream.script(script());
        var wrong = new ArrayList<String>();
        var thrown = new TreeSet<String>();
        int number = 0;
        for (var trigger : triggers()) {
            for (var fault : faults()) {
                var name = "case" + number++;
                var request = faulty(trigger.request().get(), name, trigger.with() + fault);
                var end = end(name, request, trigger.talk()) + held(name, 0);
                if (!end.isEmpty()) {
                    wrong.add(text(request) + ": " + end);
                }
                thrown(name).forEach(thrown::add);
            }
        }
        assertNone(wrong);
        assertThat(thrown).contains("read.onError", "write.onError", "event.onStartAsync", "event.onComplete");
        // Jetty 12.1 reports none of these faults to an AsyncListener.
        assertThat(thrown.contains("event.onError")).isEqualTo(container.name().contains("Tomcat"));
    }

    /** Tomcat looks for timeouts once a second. */
    @Test
    void eachTimeoutThatThrowsEndsItsOwnExchangeOnly() throws Exception {
        var cases = new ArrayList<RawRequest>();
        for (var fault : faults("event.onTimeout", true, WHEN).toList()) {
            for (var route : List.of("/v1/messages", "/anthropic/v1/messages", "/v1/files")) {
                int client = cases.size();
                cases.add(faulty(request(client, "POST", route).json(body("silent")), "at-once" + client, fault));
            }
            cases.add(faulty(half("/admin/login").field("Content-Type", FORM), "at-once" + cases.size(), fault));
        }
        cases.forEach(request -> request.field(Facades.TIMEOUT, "100"));
        atOnce(cases, "event.onTimeout");
    }

    /** The application does not see that its container has ended the request; Tomcat makes no other callback then. */
    @ParameterizedTest
    @CsvSource({"read.onDataAvailable,read.onError", "write.onWritePossible,write.onError"})
    void aReportThatIsLostLeavesNothingBehindTheDeadlines(String first, String report) throws Exception {
        var cases = new ArrayList<RawRequest>();
        for (var fault : faults(report, false, List.of("always")).toList()) {
            for (var route : List.of("/v1/messages", "/anthropic/v1/messages", "/v1/files", "/v1/chat/completions")) {
                int client = cases.size();
                var faults = first + " java.lang.IllegalStateException once, " + fault;
                cases.add(faulty(request(client, "POST", route).json(STREAMING), "at-once" + client, faults));
            }
        }
        atOnce(cases, report);
    }

    /** Each request is of the client with its number. */
    private void atOnce(List<RawRequest> requests, String method) throws Exception {
        upstream.script(script());
        container.facades().thrown().clear();
        var ends = new ArrayList<Callable<String>>();
        for (var request : requests) {
            ends.add(() -> end("at-once" + requests.indexOf(request), request, WHOLE));
        }
        var wrong = new ArrayList<String>();
        var workers = Executors.newCachedThreadPool();
        try {
            for (var end : workers.invokeAll(ends)) {
                wrong.add(end.get());
            }
        } finally {
            workers.shutdownNow();
        }
        for (int client = 0; client < requests.size(); client++) {
            var text = text(requests.get(client));
            var thrown = thrown("at-once" + client).anyMatch(method::equals) ? "" : ": nothing was thrown";
            wrong.set(client, wrong.get(client) + held("at-once" + client, client) + thrown);
            wrong.set(client, wrong.get(client).isEmpty() ? "" : text + wrong.get(client));
        }
        wrong.removeIf(String::isEmpty);
        assertNone(wrong);
    }

    private static RawRequest half(String path) {
        return RawRequest.of("POST", path).field("Transfer-Encoding", "chunked");
    }

    private static String text(RawRequest request) {
        return request.head().replaceAll("\r\n(?!X-Test).*", "").replace("\r\n", ", ");
    }

    private static List<String> faults() {
        var all = new ArrayList<String>();
        STREAMS.forEach(method -> faults(method, false, List.of("after")).forEach(all::add));
        EVENTS.forEach(method -> faults(method, true, WHEN).forEach(all::add));
        return all;
    }

    private List<Trigger> triggers() {
        List<Supplier<RawRequest>> requests = List.of(
                () -> request(0, "POST", "/v1/messages").json(STREAMING),
                () -> request(0, "POST", "/anthropic/v1/messages").json(STREAMING),
                () -> request(0, "POST", "/v1/files").json("{}"),
                () -> request(0, "POST", "/v1/chat/completions").json(STREAMING),
                () -> RawRequest.of("POST", "/v1/messages").json(STREAMING),
                FacadeContract::signIn);
        var all = new ArrayList<Trigger>();
        ERRORS.forEach(error -> requests.forEach(request -> all.add(new Trigger(error, request, WHOLE))));
        for (var route : List.of("/v1/messages", "/anthropic/v1/messages", "/v1/files")) {
            all.add(new Trigger("", () -> request(0, "POST", route), BAD_CHUNK));
            all.add(new Trigger("", () -> request(0, "POST", route), this::leaveInUpload));
        }
        all.add(new Trigger("", () -> RawRequest.of("POST", "/v1/messages"), BAD_CHUNK));
        all.add(new Trigger("", () -> RawRequest.of("POST", "/admin/login").field("Content-Type", FORM), BAD_CHUNK));
        all.add(new Trigger("", () -> request(0, "POST", "/v1/files").json(body("cut")), WHOLE));
        all.add(new Trigger(
                "", () -> request(0, "POST", "/v1/files").json(body("cut")).field(Facades.RESTART, "yes"), WHOLE));
        all.add(new Trigger("", () -> request(0, "POST", "/v1/messages").json(body("paced")), this::leaveInStream));
        return all;
    }

    private boolean leaveInUpload(RawClient client, RawRequest request) throws Exception {
        client.send(request.field("Content-Length", "500000").head() + "half");
        eventually("the request is open", () -> number("OpenExchanges") == 1);
        client.reset();
        return false;
    }

    private boolean leaveInStream(RawClient client, RawRequest request) throws Exception {
        client.send(request).readHead();
        client.readEvent();
        client.reset();
        return false;
    }

    private static String body(String model) {
        return STREAMING.replace("claude-x", model);
    }

    private Script script() {
        return (request, reply) -> {
            if (request.text().contains("silent")) {
                reply.await(new CountDownLatch(1));
            } else if (request.text().contains("cut")) {
                reply.status(200).length(1000);
                reply.send("cut");
                reply.closeNow();
            } else if (request.text().contains("paced")) {
                reply.eventStream();
                while (true) {
                    reply.chunk(Messages.delta("on and on"));
                    pause(2);
                }
            } else if (request.path().endsWith("/v1/messages")) {
                reply.messageStream("one", "two");
            } else {
                reply.json(200, FILES);
            }
        };
    }

    /** What is wrong with how the request ends; empty when it is right. */
    private String end(String name, RawRequest request, Talk talk) {
        try (var client = client().readTimeout(HANG_MILLIS)) {
            if (talk.run(client, request)) {
                var response = client.readResponse();
                ended(name);
                boolean empty = response.status() == 200
                        && !response.truncated()
                        && response.text().isEmpty();
                return empty ? "seems whole, but is empty" : "";
            }
            return "";
        } catch (EOFException | SocketException closed) {
            ended(name);
            return "";
        } catch (SocketTimeoutException waits) {
            return "waits";
        } catch (IOException broken) {
            return broken.toString();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }
}
