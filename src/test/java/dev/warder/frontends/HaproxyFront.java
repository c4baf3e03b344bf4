package dev.warder.frontends;

import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;

class HaproxyFront {
    private static final FrontEnd HAPROXY = new HaproxyFrontEnd();
    private static final Set<OddRequest> BEFORE_TOMCAT =
            EnumSet.of(OddRequest.LENGTH_AND_CHUNKS, OddRequest.FOLDED_FIELD, OddRequest.BARE_LINE_FEED);
    private static final Set<OddRequest> BEFORE_JETTY = EnumSet.of(
            OddRequest.LENGTH_AND_CHUNKS, OddRequest.FOLDED_FIELD, OddRequest.BARE_LINE_FEED, OddRequest.RAW_QUERY);

    @Nested
    class Address extends AddressContract {
        Address() {
            super(HAPROXY);
        }
    }

    @Nested
    class DrainBeforeJetty extends DrainContract {
        DrainBeforeJetty() {
            super(HAPROXY, JettyContainer::start);
        }
    }

    @Nested
    class DrainBeforeTomcat extends DrainContract {
        DrainBeforeTomcat() {
            super(HAPROXY, TomcatContainer::start);
        }
    }

    @Nested
    class ExchangeBeforeJetty extends ExchangeContract {
        ExchangeBeforeJetty() {
            super(HAPROXY, JettyContainer::start);
        }
    }

    @Nested
    class ExchangeBeforeTomcat extends ExchangeContract {
        ExchangeBeforeTomcat() {
            super(HAPROXY, TomcatContainer::start);
        }
    }

    @Nested
    class Files extends FilesContract {
        Files() {
            super(HAPROXY);
        }
    }

    @Nested
    class FlowBeforeJetty extends FlowContract {
        FlowBeforeJetty() {
            super(HAPROXY, JettyContainer::start);
        }
    }

    @Nested
    class FlowBeforeTomcat extends FlowContract {
        FlowBeforeTomcat() {
            super(HAPROXY, TomcatContainer::start);
        }
    }

    @Nested
    class HygieneBeforeJetty extends HygieneContract {
        HygieneBeforeJetty() {
            super(HAPROXY, JettyContainer::start, BEFORE_JETTY);
        }
    }

    @Nested
    class HygieneBeforeTomcat extends HygieneContract {
        HygieneBeforeTomcat() {
            super(HAPROXY, TomcatContainer::start, BEFORE_TOMCAT);
        }
    }

    @Nested
    class Retry extends RetryContract {
        Retry() {
            super(HAPROXY);
        }
    }
}
