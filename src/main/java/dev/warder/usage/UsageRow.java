package dev.warder.usage;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The consumption and cost of one model in one part of one try. Nearly all tries have one part; those with several
 * models, such as an advisor, have one for each. Immutable.
 *
 * @param key identifies the row
 * @param admitted when Warder admitted the request: the prices of that moment count
 * @param ended when the try ended
 */
public record UsageRow(
        Key key,
        Instant admitted,
        Instant ended,
        Caller caller,
        Models models,
        Upstream upstream,
        Consumption consumption,
        UsageCost cost,
        Times times) {
    private static final int LONGEST = 256;

    /** The same with this many nano-dollars more, which budgets held for what was not reported. */
    UsageRow withHeld(long more) {
        return new UsageRow(key, admitted, ended, caller, models, upstream, consumption, cost.withHeld(more), times);
    }

    /** The first 256 characters of a text from outside: a row is stored for a long time, so that none may be of any length. */
    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /**
     * Identifies a row.
     *
     * @param tryId the try, a UUIDv7 (RFC 9562): ids of later tries compare as larger, to the millisecond
     * @param part counted from 0 within the try
     */
    public record Key(UUID tryId, int part) {
        public Key {
            Objects.requireNonNull(tryId);
            if (part < 0) {
                throw new IllegalArgumentException("the part of a try is negative");
            }
        }
    }

    /**
     * Whose request it was.
     *
     * @param requestId Warder's id of the request; all its tries have it
     * @param client the name of the caller: of its client in {@code policy.file}, otherwise of its access token
     * @param session the client's name of its conversation
     * @param agent the client's name of the agent within the session
     * @param dialect the format in which the client sent the request
     * @param team the name of the team in {@code policy.file} that paid for the client; empty if it had none
     * @param hints the kind of work, as the client names it
     */
    public record Caller(
            String requestId,
            Optional<String> client,
            Optional<String> session,
            Optional<String> agent,
            Dialect dialect,
            Optional<String> team,
            RequestHints hints) {
        public Caller(
                String requestId,
                Optional<String> client,
                Optional<String> session,
                Optional<String> agent,
                Dialect dialect) {
            this(requestId, client, session, agent, dialect, Optional.empty(), RequestHints.NONE);
        }
    }

    /**
     * The names of the model, each empty if it is not known: {@code asked} is the one in the client's request, {@code sent} the
     * one in the request to the upstream, where an alias is resolved, and {@code answered} the one that the upstream reported
     * for this part.
     */
    public record Models(Optional<String> asked, Optional<String> sent, Optional<String> answered) {
        /** The name that has the price: the most reliable one, empty if none is known. */
        public Optional<String> priced() {
            return answered.or(() -> sent).or(() -> asked);
        }
    }

    /**
     * The request to the upstream.
     *
     * @param credential the configured name of the credential, or {@code client} for the client's own
     * @param credentialKind {@code api-key}, {@code oauth} and so on
     * @param requestId the upstream's id of the request, from its response
     * @param status the status of the response, if one came
     * @param end how the try ended
     */
    public record Upstream(
            String credential, String credentialKind, Optional<String> requestId, OptionalInt status, End end) {
        /** Cuts the upstream's id to 256 characters. */
        public Upstream {
            requestId = requestId.map(UsageRow::cut);
        }

        Upstream with(End other) {
            return other == end ? this : new Upstream(credential, credentialKind, requestId, status, other);
        }

        /** The credential's name, which is not its value, and how the try ended. */
        @Override
        public String toString() {
            return "Upstream[" + credential + ", " + end.word() + "]";
        }
    }

    /**
     * The consumption.
     *
     * @param stopReason why the model stopped, in the upstream's word; empty if the response did not report it
     * @param geo the place where the model ran, if the upstream reported one
     */
    public record Consumption(
            UsageCounts counts, Tier tier, Speed speed, Optional<String> geo, Optional<String> stopReason) {
        public static final Consumption NONE =
                new Consumption(UsageCounts.NONE, Tier.STANDARD, Speed.STANDARD, Optional.empty(), Optional.empty());
    }

    /**
     * Durations of the try. All parts of it have the same.
     *
     * @param firstByte from the beginning of the try until the head of the response came; empty if none came
     * @param total from the beginning of the try to its end
     */
    public record Times(Optional<Duration> firstByte, Duration total) {}

    /** How a try ended. */
    public enum End {
        COMPLETE("complete"),
        /** The response is whole; it is an error, or has one as its last event. */
        ERROR("error"),
        CUT_OFF("cut-off"),
        /** No response came: the connection failed, or the upstream closed it. */
        UNANSWERED("no-response"),
        /** Warder cancelled the try: the client left, a limit was exceeded, or another credential took over. */
        CANCELLED("cancelled"),
        /** Warder was stopped before the try ended. */
        UNKNOWN("unknown");

        private final String word;

        End(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * The cost of a row. Immutable.
     *
     * @param priceVersion the {@linkplain PriceBook#version version} of the price book
     * @param dollars the exact cost in USD; not negative
     * @param nanos the cost in nano-dollars, rounded up once, for this row; not negative
     * @param priceAssumed whether no price is known for the model, so that the dearest of its family counted
     * @param billed whether the operator pays it: false for a client's own credential and for what a user profile is billed,
     *     where the list price is given
     * @param basis how the counts were found
     */
    public record UsageCost(
            String priceVersion, BigDecimal dollars, long nanos, boolean priceAssumed, boolean billed, Basis basis) {
        public UsageCost {
            Objects.requireNonNull(priceVersion);
            Objects.requireNonNull(basis);
            if (dollars.signum() < 0 || nanos < 0) {
                throw new IllegalArgumentException("a cost is negative");
            }
        }

        public static UsageCost of(String priceVersion, Cost cost, boolean billed, Basis basis) {
            var dollars = cost.dollars();
            return new UsageCost(
                    priceVersion, dollars, Cost.nanos(dollars), cost.quote().assumed(), billed, basis);
        }

        UsageCost withHeld(long more) {
            var sum = dollars.add(BigDecimal.valueOf(more, Cost.NANO_DIGITS));
            return new UsageCost(priceVersion, sum, nanos + more, priceAssumed, billed, Basis.HELD);
        }

        UsageCost withPriceAssumed() {
            return new UsageCost(priceVersion, dollars, nanos, true, billed, basis);
        }
    }

    /** How the counts of a row were found. */
    public enum Basis {
        REPORTED,
        /** Nothing was consumed, as far as is known: the upstream refused the request, or did not receive it. */
        ASSUMED,
        /** The response was not read to its end, so that at least one count is an upper bound. */
        ESTIMATED,
        /**
         * Warder or the client ended the response before its last event, which alone reports the costs: the counts are those so
         * far, and the cost is what budgets held.
         */
        HELD,
        /** Warder was stopped before the try ended, and does not know what was consumed. */
        UNKNOWN
    }
}
