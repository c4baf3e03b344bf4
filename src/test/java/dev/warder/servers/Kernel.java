package dev.warder.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What this machine's kernel holds of connections, which no program on either side can say of itself. */
final class Kernel {
    /** As Linux has it; elsewhere nothing is known. */
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final int LOCAL = 1;
    private static final int QUEUES = 4;

    private Kernel() {}

    /** The bytes that were written and not yet read on all connections to or from these ports; 0 where nothing is known. */
    static long holds(Set<Integer> ports) throws IOException {
        long sum = 0;
        for (var table : TABLES) {
            if (Files.exists(table)) {
                try (var rows = Files.lines(table)) {
                    sum += rows.skip(1)
                            .mapToLong(row -> queued(row.strip(), ports))
                            .sum();
                }
            }
        }
        return sum;
    }

    private static long queued(String row, Set<Integer> ports) {
        var columns = row.split("\\s+");
        if (Stream.of(columns[LOCAL], columns[LOCAL + 1]).map(Kernel::port).noneMatch(ports::contains)) {
            return 0;
        }
        var queues = columns[QUEUES].split(":");
        return Long.parseLong(queues[0], 16) + Long.parseLong(queues[1], 16);
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }
}
