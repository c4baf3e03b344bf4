package dev.warder.record;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.RequestHints;
import dev.warder.usage.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The facts of a request that has ended. Immutable. Names of models, the method and the path are as the client
 * sent them: observers that write them must escape them.
 *
 * @param call the call, with its id, route and dialect
 * @param path the path without the query; as it came if it is ambiguous, and hidden if it contains an access token
 * @param client the name of the caller: of its client in {@code policy.file}, otherwise of its access token
 * @param model the model of the request that went upstream, or would have
 * @param credential the credential whose response the client received, or the last that was used
 * @param conversation what the client names the conversation that it belongs to
 * @param tries each try, in the order of their beginnings
 * @param status the status that was sent to the client; empty when there was none
 * @param bytesIn bytes of the request's body that were read
 * @param bytesOut bytes of the response's body that were given to the container
 * @param timeToFirstByte until the head of the upstream's response came
 * @param addedLatency how much of the time Warder added; empty unless the client received a body from the upstream
 * @param time from the first filter to the end
 * @param error Warder's own error, if it ended the request with one; its message may quote the request, so that observers
 *     that keep it must choose what
 */
public record CompletedRequest(
        Call call,
        String path,
        Optional<String> client,
        Optional<String> model,
        Optional<UsedCredential> credential,
        ConversationIds conversation,
        List<CompletedTry> tries,
        OptionalInt status,
        long bytesIn,
        long bytesOut,
        Optional<Duration> timeToFirstByte,
        Optional<Duration> addedLatency,
        Duration time,
        RequestEnd end,
        Optional<ErrorReply> error) {
    public CompletedRequest {
        tries = List.copyOf(tries);
    }

    public List<UsageRow> usage() {
        if (tries.size() == 1) {
            return tries.get(0).usage();
        }
        return tries.stream().flatMap(each -> each.usage().stream()).toList();
    }

    public Optional<String> upstreamRequestId() {
        for (int i = tries.size() - 1; i >= 0; i--) {
            if (tries.get(i).requestId().isPresent()) {
                return tries.get(i).requestId();
            }
        }
        return Optional.empty();
    }

    /**
     * The facts of a try that has ended: one request that went to the upstream with one credential. Immutable.
     *
     * @param credential the credential of this request
     * @param status the status of the response, if one came
     * @param requestId the upstream's id of it
     * @param firstByte from its beginning until the head of the response came
     * @param time from its beginning to its end, or to the end of the client's request
     * @param usage what it consumed, a row for each part; empty where no model is run
     */
    public record CompletedTry(
            UsedCredential credential,
            OptionalInt status,
            Outcome outcome,
            Optional<String> requestId,
            Optional<Duration> firstByte,
            Duration time,
            List<UsageRow> usage) {
        public CompletedTry {
            usage = List.copyOf(usage);
        }

        /** The outcome of a try. */
        public enum Outcome {
            RESPONDED,
            BROKEN_OFF,
            /** No response, because the connection failed. */
            UNANSWERED,
            /** Warder cancelled it: another credential took over, the client left, or it took too long. */
            CANCELLED
        }
    }

    /**
     * The conversation of a request, in the client's own words. Immutable.
     *
     * @param session the client's name of its conversation
     * @param agent the client's name of the agent within the conversation
     * @param hints the kind of work
     */
    public record ConversationIds(Optional<String> session, Optional<String> agent, RequestHints hints) {
        public static final ConversationIds UNKNOWN =
                new ConversationIds(Optional.empty(), Optional.empty(), RequestHints.NONE);
    }
}
