package dev.warder.contract;

import dev.warder.auth.AdditionalGates;
import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Meter;
import dev.warder.auth.Verdict;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.UsageCounts;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

/**
 * Lives in a changed WAR and adds gates whose verdicts a request chooses by its fields: {@code X-Gate-Head}, {@code
 * X-Gate-Body} and, with a short wait, {@code X-Gate-Short}. Values are {@code refuse}, {@code throw}, {@code later NAME} and
 * {@code meter NAME WHERE}. A request with {@code X-Gate-Open: NAME} or {@code X-Gate-Deny: NAME} decides about a later one.
 * What happens to verdicts is logged.
 */
public final class GateListener implements ServletContextListener {
    /** The name of the logger. */
    static final String LOG = "dev.warder.contract.gates";

    /** A field that the upstream may have sent too. */
    static final String STATUS_FIELD = "anthropic-ratelimit-unified-status";

    private static final Logger EVENTS = Logger.getLogger(LOG);

    /** Made by the container. */
    public GateListener() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        var waiting = new ConcurrentHashMap<String, CompletableFuture<Verdict.Decision>>();
        var gates = List.<Gate>of(
                new Decider(waiting),
                new Chosen("x-gate-head", Gate.Needs.HEAD, Gate.MAX_WAIT, waiting),
                new Chosen("x-gate-body", Gate.Needs.BODY, Gate.MAX_WAIT, waiting),
                new Chosen("x-gate-short", Gate.Needs.BODY, Duration.ofMillis(100), waiting));
        Attributes.put(event.getServletContext(), AdditionalGates.class, new AdditionalGates(gates));
    }

    private static void log(String event) {
        EVENTS.info(event);
    }

    private static Verdict.Granted grant(String name) {
        return Verdict.granted(() -> log("released " + name));
    }

    private static ErrorReply limited() {
        return ErrorReply.rateLimited("The limit of the test is reached.", 7);
    }

    private static ErrorReply spent() {
        return new ErrorReply(429, ErrorType.BILLING, "The budget of the test is spent.", List.of()).withoutRetry();
    }

    /** Decides about the requests that wait. */
    private record Decider(Map<String, CompletableFuture<Verdict.Decision>> waiting) implements Gate {
        @Override
        public Needs needs() {
            return Needs.HEAD;
        }

        @Override
        public Verdict ask(Inquiry inquiry) {
            var opened = inquiry.field("x-gate-open");
            var denied = inquiry.field("x-gate-deny");
            opened.ifPresent(
                    name -> Objects.requireNonNull(waiting.remove(name)).complete(grant(name)));
            denied.ifPresent(
                    name -> Objects.requireNonNull(waiting.remove(name)).complete(Verdict.refused(limited())));
            return opened.or(() -> denied).isPresent() ? Verdict.refused(limited()) : Verdict.granted();
        }
    }

    /** Decides as the field says. */
    private record Chosen(
            String field, Needs needs, Duration maxWait, Map<String, CompletableFuture<Verdict.Decision>> waiting)
            implements Gate {
        @Override
        public Verdict ask(Inquiry inquiry) {
            var words = inquiry.field(field).orElse("grant").split(" ");
            return switch (words[0]) {
                case "refuse" -> Verdict.refused(limited());
                case "throw" -> throw new IllegalStateException("a fault of the test");
                case "later" -> later(words[1], inquiry);
                case "meter" -> Verdict.granted(new Cutting(words[1], words[2], new AtomicInteger()));
                default -> Verdict.granted();
            };
        }

        private Verdict later(String name, Inquiry inquiry) {
            var decision = new CompletableFuture<Verdict.Decision>();
            waiting.put(name, decision);
            log("waiting " + name + " " + inquiry.client().name() + " "
                    + inquiry.model().orElse("-") + " " + inquiry.streams());
            return new Verdict.Later(decision, () -> log("withdrawn " + name));
        }
    }

    /** Cuts where it should, with the error of a budget where that begins with {@code spent-}; or adds fields. */
    private record Cutting(String name, String where, AtomicInteger tries) implements Meter {
        @Override
        public Optional<ErrorReply> beforeTry() {
            log("try " + name);
            return cut(tries.getAndIncrement() == 0 ? "try" : "retry");
        }

        @Override
        public boolean readsUsage() {
            return where.endsWith("usage") || where.equals("never");
        }

        @Override
        public Optional<ErrorReply> usage(UsageCounts soFar) {
            log("usage " + name + " " + soFar.prompt() + " " + soFar.output());
            return cut("usage");
        }

        @Override
        public Optional<ErrorReply> tick(long nanoTime) {
            return cut("tick");
        }

        @Override
        public void end(CompletedRequest request) {
            log("end " + name + " " + request.end().word());
        }

        @Override
        public List<Field> responseFields() {
            if (!where.equals("fields")) {
                return List.of();
            }
            log("fields " + name);
            return List.of(new Field(STATUS_FIELD, "allowed_warning"), new Field("X-Meter", name));
        }

        private Optional<ErrorReply> cut(String place) {
            if (where.equals("spent-" + place)) {
                return Optional.of(spent());
            }
            return where.equals(place) ? Optional.of(limited()) : Optional.empty();
        }
    }
}
