package dev.warder.standalone;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;

/**
 * Makes the virtual machine return memory that it does not need, as far as a program can: no manifest carries flags, but
 * some may be set while it runs. What the operator has set stays. Only for G1, the default collector: others keep a heap
 * of the size that they had, or collect more often when it shrinks. One thread at a time.
 */
final class SpareMemory {
    private static final String PERIOD = "G1PeriodicGCInterval";

    /** G1 returns memory when it collects; it does so at least once in this time, concurrently. */
    private static final String PERIOD_MILLIS = "60000";

    private SpareMemory() {}

    /** To be called once, when everything is up: what was needed to start is garbage. */
    static void giveBack() {
        var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            if (machine != null && machine.getVMOption("UseG1GC").getValue().equals("true")) {
                collectPeriodically(machine);
                System.gc();
            }
        } catch (IllegalArgumentException unknown) {
            // Another virtual machine, or a later one.
        }
    }

    private static void collectPeriodically(HotSpotDiagnosticMXBean machine) {
        var period = machine.getVMOption(PERIOD);
        if (period.isWriteable() && period.getOrigin() == VMOption.Origin.DEFAULT) {
            machine.setVMOption(PERIOD, PERIOD_MILLIS);
        }
    }
}
