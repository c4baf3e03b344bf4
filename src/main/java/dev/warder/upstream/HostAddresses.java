package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of one host. They are looked up on a separate thread, because a look-up blocks, for many
 * seconds if a name server is silent. The thread that makes an exchange may be the only one for thousands of clients.
 *
 * <p>Addresses older than 30 s, as long as the JDK keeps them, are looked up again while they remain in use. If they
 * are older than ten minutes, exchanges wait for the look-up. If a look-up fails, the last known addresses count as new.
 * Thread-safe.
 */
final class HostAddresses {
    /** Queries name servers, as {@link InetAddress#getAllByName}. */
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);
    private static final long FRESH_NANOS = 30_000_000_000L;
    private static final long USABLE_NANOS = 600_000_000_000L;

    private record Known(List<InetAddress> addresses, long since) {}

    private final String host;
    private final Lookup lookup;
    private final Executor elsewhere;
    private final LongSupplier nanoTime;
    private final boolean literal;
    private volatile @Nullable Known known;

    @GuardedBy("this")
    private boolean asking;

    @GuardedBy("this")
    private List<Runnable> waiting = new ArrayList<>();

    /**
     * Sends no query yet. An IP literal never needs a look-up.
     *
     * @param elsewhere runs a look-up on a thread that may block
     */
    HostAddresses(String host, Lookup lookup, Executor elsewhere, LongSupplier nanoTime) {
        this.host = host;
        this.lookup = lookup;
        this.elsewhere = elsewhere;
        this.nanoTime = nanoTime;
        this.literal = InetAddressUtils.isIPv4(host)
                || InetAddressUtils.isIPv6(host)
                || InetAddressUtils.isIPv6URLBracketed(host);
    }

    /**
     * Runs {@code next} when there is an address to {@link #resolve}, or when it is known that there is none: mostly at
     * once.
     */
    void whenKnown(Runnable next) {
        if (literal || age() < FRESH_NANOS || !mustWait(next)) {
            next.run();
        }
    }

    /** @throws UnknownHostException when there is no address yet */
    InetAddress[] resolve() throws UnknownHostException {
        if (literal) {
            return new InetAddress[] {InetAddress.getByName(host)};
        }
        var last = known;
        if (last == null) {
            throw new UnknownHostException(host);
        }
        return last.addresses.toArray(InetAddress[]::new);
    }

    private boolean mustWait(Runnable next) {
        boolean waits = age() >= USABLE_NANOS;
        synchronized (this) {
            if (waits) {
                waiting.add(next);
            }
            if (asking) {
                return waits;
            }
            asking = true;
        }
        try {
            elsewhere.execute(this::lookUp);
        } catch (RuntimeException | Error noThread) {
            goOn();
            throw noThread;
        }
        return waits;
    }

    private void lookUp() {
        try {
            known = new Known(List.of(lookup.of(host)), nanoTime.getAsLong());
        } catch (UnknownHostException notNow) {
            var last = known;
            if (last != null) {
                known = new Known(last.addresses, nanoTime.getAsLong());
            }
        } finally {
            goOn();
        }
    }

    private void goOn() {
        for (var next : takeWaiting()) {
            try {
                next.run();
            } catch (Throwable fault) {
                LOG.error("A fault ended an exchange that waited for the upstream's address", fault);
            }
        }
    }

    private synchronized List<Runnable> takeWaiting() {
        asking = false;
        var all = waiting;
        waiting = new ArrayList<>();
        return all;
    }

    private long age() {
        var last = known;
        return last == null ? Long.MAX_VALUE : nanoTime.getAsLong() - last.since;
    }
}
