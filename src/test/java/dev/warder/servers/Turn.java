package dev.warder.servers;

import java.util.concurrent.Semaphore;

/** One run works at a time; one that only waits for the end of its silence lets another have its turn. */
final class Turn {
    private static final Semaphore MACHINE = new Semaphore(1);
    private boolean taken;

    /** Waits until nobody works. */
    void take() throws InterruptedException {
        MACHINE.acquire();
        taken = true;
    }

    /** Lets another work; changes nothing when this was done already. */
    void pass() {
        if (taken) {
            taken = false;
            MACHINE.release();
        }
    }
}
