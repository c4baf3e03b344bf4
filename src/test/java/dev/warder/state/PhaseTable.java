package dev.warder.state;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of phases as text: a row for each pair of phase and event that changes something, for tests. */
public final class PhaseTable {
    private PhaseTable() {}

    /** The rows of all pairs: phase, event, next phase, actions. Fails if a pair throws. */
    public static <P extends StateMachine.Phase<P, E, A>, E, A> List<String> of(P[] phases, E[] events) {
        return Arrays.stream(phases)
                .flatMap(phase -> Arrays.stream(events).flatMap(event -> row(phase, event)))
                .sorted()
                .toList();
    }

    /** The rows of a text, in the same order. */
    public static List<String> sorted(String table) {
        return table.lines().sorted().toList();
    }

    private static <P extends StateMachine.Phase<P, E, A>, E, A> Stream<String> row(P phase, E event) {
        var step = phase.on(event);
        if (step.next() == phase && step.actions().isEmpty()) {
            return Stream.empty();
        }
        return Stream.of(Stream.concat(Stream.of(phase, event, step.next()), step.actions().stream())
                .map(String::valueOf)
                .collect(Collectors.joining(" ")));
    }
}
