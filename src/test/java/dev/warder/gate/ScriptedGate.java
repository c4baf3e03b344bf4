package dev.warder.gate;

import dev.warder.auth.Client;
import dev.warder.http.Field;
import dev.warder.record.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A gate whose verdicts the test chooses, and which records what happens to its grants. */
class ScriptedGate implements Gate {
    final List<String> events = new ArrayList<>();
    final List<Inquiry> inquiries = new ArrayList<>();
    final CompletableFuture<Verdict.Decision> decision = new CompletableFuture<>();

    private final String name;
    private final Needs needs;
    private Supplier<Verdict> verdict = this::grant;

    ScriptedGate(String name, Needs needs) {
        this.name = name;
        this.needs = needs;
    }

    /** About the request of {@code record}, without a body. */
    static Inquiry inquiry(RequestRecord record) {
        return new Inquiry(
                record.call(),
                Client.OPEN,
                false,
                Optional.empty(),
                List.of(new Field("X-Claude-Code-Session-Id", "conversation")),
                Optional.empty());
    }

    ScriptedGate returns(Supplier<Verdict> next) {
        verdict = next;
        return this;
    }

    ScriptedGate later() {
        return returns(() -> new Verdict.Later(decision, () -> events.add("withdrawn")));
    }

    Verdict.Granted grant() {
        return Verdict.granted(() -> events.add("released"));
    }

    @Override
    public Needs needs() {
        return needs;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        inquiries.add(inquiry);
        return verdict.get();
    }

    @Override
    public String name() {
        return name;
    }
}
