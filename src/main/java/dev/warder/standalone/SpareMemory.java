package dev.warder.standalone;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;

/**
 * Makes the virtual machine return unused memory to the system. A manifest cannot contain flags, but some can be set at run
 * time. Flags that the operator has set stay. Only for G1, the default collector: others keep the size of their heap, or
 * collect more often when it shrinks. One thread at a time.
 */
final class SpareMemory {
    private static final String PERIOD = "G1PeriodicGCInterval";

    /** G1 returns memory when it collects. It does so, concurrently, at least once in this time. */
    private static final String PERIOD_MILLIS = "60000";

    private SpareMemory() {}

    /** To be called once, after the start: by then most memory that the start needed is garbage. */
    static void giveBack() {
        var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            if (machine != null && machine.getVMOption("UseG1GC").getValue().equals("true")) {
                collectPeriodically(machine);
                System.gc();
            }
        } catch (IllegalArgumentException unknown) {
            // Another virtual machine, or a later version.
        }
    }

    private static void collectPeriodically(HotSpotDiagnosticMXBean machine) {
        var period = machine.getVMOption(PERIOD);
        if (period.isWriteable() && period.getOrigin() == VMOption.Origin.DEFAULT) {
            machine.setVMOption(PERIOD, PERIOD_MILLIS);
        }
    }
}
