package dev.warder.admin.page;

import java.util.List;
import java.util.OptionalLong;

/**
 * The node's present numbers. Immutable.
 *
 * @param exchanges open exchanges
 * @param exchangesLimit {@code limits.streams}
 * @param connections connections to the upstream that are in use
 * @param idle connections to the upstream that are open and idle
 * @param memory bytes of request bodies that are held
 * @param memoryLimit {@code limits.memory} in bytes
 * @param waiting requests that wait for memory
 * @param policyVersion the version of {@code policy.file} in use; empty if none is set
 * @param problems what an operator should know, such as draining or a missing setting; without a secret
 */
public record NodeNumbers(
        int exchanges,
        int exchangesLimit,
        int connections,
        int idle,
        long memory,
        long memoryLimit,
        int waiting,
        OptionalLong policyVersion,
        List<String> problems) {
    public NodeNumbers {
        problems = List.copyOf(problems);
    }
}
