package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObservers;
import dev.warder.record.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The status that the record of a cut response has: that of the head as soon as this goes out, and no earlier. */
class SentReplyTest {
    private final List<CompletedRequest> completed = new ArrayList<>();
    private final RequestRecord record = new RequestRecord(
            new Call("req_1", "GET", new RequestTarget("/admin/", Optional.empty()), Route.of("/admin/")),
            "/admin/",
            new RequestObservers(List.of(completed::add)),
            () -> 0);
    private final List<CompletableFuture<String>> pieces = new ArrayList<>();
    private final SentReply reply =
            new SentReply(AdminReply.page(200, List.of(), "<p>begin").followedBy(this::piece), record);

    @Test
    void isUnknownUntilTheFirstPieceIsOut() {
        reply.body();
        pieces.get(0).complete("rest");
        assertThat(reply.next(() -> {})).isPresent();
        assertThat(statusIfCutNow()).isEmpty();
    }

    @Test
    void isKnownWhileAPieceIsAwaited() {
        reply.body();
        assertThat(reply.next(() -> {})).as("what there is goes out").isEmpty();
        assertThat(statusIfCutNow()).hasValue(200);
    }

    @Test
    void isKnownWhenTheSecondPieceIsAskedFor() {
        reply.body();
        pieces.get(0).complete("rest");
        reply.next(() -> {});
        pieces.get(1).complete("");
        reply.next(() -> {});
        assertThat(statusIfCutNow()).hasValue(200);
    }

    private OptionalInt statusIfCutNow() {
        record.end(RequestEnd.ERROR, 0);
        return completed.get(0).status();
    }

    private CompletableFuture<String> piece() {
        pieces.add(new CompletableFuture<>());
        return pieces.get(pieces.size() - 1);
    }
}
