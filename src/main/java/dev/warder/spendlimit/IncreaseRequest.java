package dev.warder.spendlimit;

import dev.warder.policy.Period;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request of a client for a higher spend limit. Immutable.
 *
 * @param number from 1, in the order of requests
 * @param period that of the limit: a day, a week or a month
 * @param askedCents the limit that the client asks for, in US cents; empty if it leaves it to the administrator
 * @param reason in the client's words; may be empty text
 * @param resolution empty while it is pending
 */
public record IncreaseRequest(
        long number,
        String client,
        Period period,
        OptionalLong askedCents,
        String reason,
        Instant madeAt,
        Optional<Resolution> resolution) {
    private static final String PREFIX = "slir_";

    /** What an administrator has decided. */
    public enum Status {
        /** No administrator has decided. */
        PENDING("pending"),
        /** The limit was set. */
        APPROVED("approved"),
        /** The limit stays as it is. */
        DENIED("denied");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** The word of Anthropic's Admin API. */
        public String word() {
            return word;
        }

        /** The status of this word. */
        public static Optional<Status> of(String word) {
            for (var each : values()) {
                if (each.word.equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * What an administrator has decided.
     *
     * @param by the name in the audit
     * @param grantedCents the limit that was set, in US cents; empty for a request that was denied
     */
    public record Resolution(Instant at, String by, OptionalLong grantedCents) {}

    /** What was decided. */
    public Status status() {
        return resolution
                .map(each -> each.grantedCents().isPresent() ? Status.APPROVED : Status.DENIED)
                .orElse(Status.PENDING);
    }

    /** Its id for callers. */
    public String id() {
        return PREFIX + number;
    }

    /** The number of an id; empty for a text that is none. */
    public static OptionalLong number(String id) {
        return id.matches(PREFIX + "[1-9][0-9]{0,17}")
                ? OptionalLong.of(Long.parseLong(id.substring(PREFIX.length())))
                : OptionalLong.empty();
    }

    /** Its subject in the audit. */
    String subject() {
        return "increase_request/" + id();
    }
}
