package dev.warder.admin.page;

import java.util.List;
import java.util.OptionalLong;

/**
 * The node's present numbers. Immutable.
 *
 * @param exchanges open exchanges, of {@code limits.streams}
 * @param connections connections to the upstream that are in use
 * @param idle connections to the upstream that are open and idle
 * @param memory bytes of request bodies that are held, of {@code limits.memory}
 * @param waiting requests that wait for memory
 * @param policyVersion the version of {@code policy.file} in use; empty if none is set
 * @param problems what an operator should know, such as draining or a missing setting; without a secret
 */
public record NodeNumbers(
        Use exchanges,
        int connections,
        int idle,
        Use memory,
        int waiting,
        OptionalLong policyVersion,
        List<String> problems) {
    /** A number with its limit. */
    public record Use(long now, long limit) {}

    public NodeNumbers {
        problems = List.copyOf(problems);
    }
}
