package dev.warder.reconciliation.store;

import dev.warder.digest.Sha256;
import java.util.List;
import java.util.stream.Collectors;

/** Identifies what is open of a day, so that nothing is booked that the administrator has not seen. */
public final class DayVersion {
    private static final int BYTES = 16;

    private DayVersion() {}

    /**
     * 32 hexadecimal digits, which change with each amount that is open and with each booking.
     *
     * @param lines all of one day, in their order
     */
    public static String of(List<ReconciliationLine> lines) {
        String open = lines.stream()
                .filter(line -> line.open() != 0)
                .map(line -> text(line.id().model()) + text(line.id().credential()) + line.open() + " "
                        + line.bookings() + "\n")
                .collect(Collectors.joining());
        return Sha256.hex(open, BYTES);
    }

    /** With its length, since it may have any characters. */
    private static String text(String name) {
        return name.length() + ":" + name + " ";
    }
}
