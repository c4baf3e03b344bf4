package dev.warder.upstream;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.SSLIOSession;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;

/**
 * Knows whether a TLS connection ended with close_notify. Without it the end of the TCP connection may have been
 * forged, and a body that only the end of the connection delimits is incomplete (RFC 8446, section 6.1; RFC 9112,
 * section 9.8). HttpCore 5.4.4 reports both ends alike; only the engine of a connection distinguishes them.
 * Thread-safe.
 */
final class TlsEnds {
    private final Map<TlsDetails, SSLEngine> engines = Collections.synchronizedMap(new WeakHashMap<>());

    /** The same strategy; the engine of each connection that it verifies is kept as long as the connection. */
    TlsStrategy watching(TlsStrategy strategy) {
        return new WatchedTls(strategy, this::verifying);
    }

    /** Whether a connection over TLS, whose TCP connection has ended, has received no close_notify. */
    boolean isTruncated(IOSession session) {
        var details = session instanceof SSLIOSession secured ? secured.getTlsDetails() : null;
        var engine = details == null ? null : engines.get(details);
        return engine != null && !engine.isInboundDone();
    }

    private SSLSessionVerifier verifying(SSLSessionVerifier verifier) {
        return (endpoint, engine) -> {
            var verified = verifier.verify(endpoint, engine);
            var details =
                    verified == null ? new TlsDetails(engine.getSession(), engine.getApplicationProtocol()) : verified;
            engines.put(details, engine);
            return details;
        };
    }
}
