package dev.warder.frontends;

import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Odd framing through the three front ends, in the gate through one; those that are not installed are skipped, with their name. */
@Tag("turn-4")
class RawStreamsIT {
    private static final FrontEnd NGINX = new NginxFrontEnd();
    private static final FrontEnd HAPROXY = new HaproxyFrontEnd();
    private static final FrontEnd APACHE = new ApacheFrontEnd();

    /** nginx reads what follows the digits as an extension; what it sends to the node is well-formed. */
    private static final Set<String> NGINX_READS = Set.of("2 2", "2\t2");

    @Nested
    class NginxBeforeJetty extends RawStreamsContract {
        NginxBeforeJetty() {
            super(NGINX, JettyContainer::start, NGINX_READS);
        }
    }

    @Nested
    @Tag("turn-only")
    class NginxBeforeTomcat extends RawStreamsContract {
        NginxBeforeTomcat() {
            super(NGINX, TomcatContainer::start, NGINX_READS);
        }
    }

    @Nested
    @Tag("turn-only")
    class HaproxyBeforeJetty extends RawStreamsContract {
        HaproxyBeforeJetty() {
            super(HAPROXY, JettyContainer::start, Set.of());
        }
    }

    @Nested
    @Tag("turn-only")
    class HaproxyBeforeTomcat extends RawStreamsContract {
        HaproxyBeforeTomcat() {
            super(HAPROXY, TomcatContainer::start, Set.of());
        }
    }

    @Nested
    @Tag("turn-only")
    class ApacheBeforeJetty extends RawStreamsContract {
        ApacheBeforeJetty() {
            super(APACHE, JettyContainer::start, Set.of());
        }
    }

    @Nested
    @Tag("turn-only")
    class ApacheBeforeTomcat extends RawStreamsContract {
        ApacheBeforeTomcat() {
            super(APACHE, TomcatContainer::start, Set.of());
        }
    }
}
