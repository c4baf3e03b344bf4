package dev.warder.ratelimit;

import java.util.List;

/** What an admitted request has taken of its limits. Not thread-safe: {@link Limits} has the lock. */
final class Hold {
    private final List<Taken> all;
    private boolean ended;

    Hold(List<Taken> all) {
        this.all = List.copyOf(all);
    }

    List<Taken> all() {
        return all;
    }

    /** What it needed; always the same. */
    List<Need> needs() {
        return all.stream().map(taken -> taken.need).toList();
    }

    /** Whether tokens are limited; always the same. */
    boolean hasTokens() {
        return all.stream().anyMatch(taken -> taken.need.key().kind().isOfTokens());
    }

    boolean hasEnded() {
        return ended;
    }

    /** Nothing changes afterwards. */
    void end() {
        ended = true;
    }
}
