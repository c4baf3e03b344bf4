package dev.warder.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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

    /**
     * The rows of a text that are alike for several phases: the phases, the event, the next phase and the actions, with a bar
     * between them. One row for each phase, in the same order.
     */
    public static List<String> expanded(String table) {
        return table.lines().flatMap(PhaseTable::rows).sorted().toList();
    }

    /** Some of {@code events}, {@code length} in all, in any order and perhaps more than once. */
    public static <E> List<E> anyOf(E[] events, Random random, int length) {
        return random.ints(length, 0, events.length)
                .mapToObj(each -> events[each])
                .toList();
    }

    /** The actions of {@code events} from the phase {@code first} on, and of {@code end} after them. */
    public static <P extends StateMachine.Phase<P, E, A>, E, A> List<A> actions(P first, List<E> events, E end) {
        var actions = new ArrayList<A>();
        var phase = first;
        for (var event : events) {
            var step = phase.on(event);
            phase = step.next();
            actions.addAll(step.actions());
        }
        actions.addAll(phase.on(end).actions());
        return actions;
    }

    private static Stream<String> rows(String line) {
        var columns = Arrays.asList(line.split("\\|", -1));
        var rest = columns.stream()
                .skip(1)
                .map(String::strip)
                .filter(column -> !column.isEmpty())
                .collect(Collectors.joining(" "));
        return Arrays.stream(columns.get(0).strip().split(" +")).map(phase -> phase + " " + rest);
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
