package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.RequestEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RecentRefusalsTest {
    private Instant now = Instant.EPOCH;
    private final RecentRefusals refusals = new RecentRefusals(() -> now);

    static CompletedRequest request(String id, Route route, RequestEnd end, Optional<ErrorReply> error) {
        return request(id, Optional.of("ci"), route, end, error);
    }

    private static CompletedRequest request(
            String id, Optional<String> client, Route route, RequestEnd end, Optional<ErrorReply> error) {
        return new CompletedRequest(
                new Call(id, "POST", new RequestTarget("/x", Optional.empty()), route),
                "/x",
                client,
                Optional.of("m".repeat(500)),
                Optional.empty(),
                ConversationIds.UNKNOWN,
                List.of(),
                error.map(reply -> OptionalInt.of(reply.status())).orElseGet(OptionalInt::empty),
                1,
                2,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(3),
                end,
                error);
    }

    private void end(String id, Route route, RequestEnd end, ErrorReply error) {
        refusals.completed(request(id, route, end, Optional.of(error)));
    }

    @Test
    void keepsTheLastFiftyOfClients() {
        for (int i = 0; i < 60; i++) {
            end("r" + i, Route.MESSAGES, RequestEnd.REFUSED, ErrorReply.notFound());
        }
        end("ok", Route.MESSAGES, RequestEnd.OK, ErrorReply.notFound());
        end("gone", Route.MESSAGES, RequestEnd.CLIENT_GONE, ErrorReply.notFound());
        end("admin", Route.ADMIN, RequestEnd.REFUSED, ErrorReply.notFound());
        assertThat(refusals.all()).hasSize(50);
        assertThat(refusals.all().get(0).id()).isEqualTo("r59");
        assertThat(refusals.all().get(49).id()).isEqualTo("r10");
        assertThat(refusals.all().get(0).model().orElseThrow()).hasSize(161);
        assertThat(refusals.all().get(0).reason()).isEqualTo("not_found_error: Nothing is served under this path.");
    }

    @Test
    void keepsThoseOfClientsHoweverManyComeWithoutAClient() {
        end("first", Route.MESSAGES, RequestEnd.REFUSED, ErrorReply.notFound());
        for (int i = 0; i < 100; i++) {
            refusals.completed(request(
                    "x" + i, Optional.empty(), Route.MESSAGES, RequestEnd.REFUSED, Optional.of(ErrorReply.notFound())));
        }
        now = now.plusSeconds(1);
        end("last", Route.MESSAGES, RequestEnd.REFUSED, ErrorReply.notFound());
        assertThat(refusals.all())
                .extracting(RecentRefusals.Refused::id)
                .hasSize(12)
                .startsWith("last", "x99", "x98")
                .endsWith("x90", "first");
        assertThat(refusals.unknown()).isEqualTo(100);
    }

    /** The message of a 400 may quote the body. */
    @Test
    void keepsNothingOfTheBody() {
        end("a", Route.CHAT, RequestEnd.REFUSED, ErrorReply.invalidRequest("not \"secret words\"", Optional.of("n")));
        end("b", Route.CHAT, RequestEnd.REFUSED, ErrorReply.invalidRequest("not \"secret words\""));
        assertThat(refusals.all())
                .extracting(refused -> refused.reason())
                .containsExactly("invalid_request_error", "invalid_request_error: n");
    }

    @Test
    void namesTheEndWhereThereIsNoError() {
        refusals.completed(request("a", Route.RAW, RequestEnd.UPSTREAM_LOST, Optional.empty()));
        assertThat(refusals.all()).singleElement().satisfies(refused -> {
            assertThat(refused.end()).isEqualTo("upstream-lost");
            assertThat(refused.reason()).isEqualTo("-");
            assertThat(refused.status()).isEmpty();
        });
    }
}
